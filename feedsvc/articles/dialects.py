"""Under which keys each field of an article may stand: ours, and those of the tools that people come from.

In the order in which they count: the first that says something decides, but for tags and categories, which are
gathered, and for drafts, where one is enough. A dot leads into a table: `taxonomies.tags` is the key `tags` of the
table `taxonomies`.
Hugo, Jekyll, Zola, Pelican, Eleventy, Astro, Nikola, Docusaurus, Hexo, Gatsby, Ghost's export and JSON Feed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DIALECTS: Mapping[str, str] = {
    "title": "title headline post_title",
    "date": """
        date published pubdate publishdate publish_date published_at publishedat date_published datepublished
        published_on publishedon publication_date pubdatetime post_date date_created created_at created date.created
    """,
    "embargo": "embargo publishdate publish_date",
    "updated": """
        updated lastmod last_modified_at modified date_modified datemodified updated_at updatedat updateddate
        updated_date moddatetime last_modified lastmodified last_updated lastupdated modified_at modified_date
        last_update last_update.date date.updated extra.updated
    """,
    "summary": """
        summary description excerpt custom_excerpt abstract teaser lead extra.summary extra.description
        meta_description seo.description
    """,
    "slug": "slug url_slug",
    "id": "id guid uuid",
    "link": """
        link external_url externalurl external_link externallink link_url linkurl canonical_url canonicalurl canonical
        original_url extra.external_url extra.link
    """,
    "path": "permalink url path",
    "aliases": "aliases alias redirect_from redirectfrom old_slugs",
    "authors": """
        authors author by byline author_name creator taxonomies.authors taxonomies.author extra.authors extra.author
    """,
    "tags": "tags tag topics topic taxonomies.tags extra.tags keywords",
    "categories": "categories category taxonomies.categories extra.categories extra.category",
    "language": "language lang locale extra.lang",
    "image": """
        image images cover cover_image coverimage featured_image featuredimage feature_image hero heroimage hero_image
        thumbnail banner banner_image og_image ogimage header previewimage preview_image social_image socialimage
        image_url extra.image extra.cover extra.thumbnail extra.og_image seo.image params.image params.cover
    """,
    "enclosures": """
        enclosure enclosures audio audio_url audiourl mp3 podcast podcast_url podcast_file video attachments
        extra.audio
    """,
    "rights": "rights copyright license licence",
    "draft": """
        draft published status visibility hidden private unlisted publish is_draft isdraft is_published ispublished
        password protected permalink email_only headless render eleventyexcludefromcollections extra.draft build.render
        build.list _build.render _build.list
    """,
    "expires": """
        expires expirydate expiry_date expires_at expires_on expiry expire_date expiration_date unpublishdate
        unpublish_date unpublish_on
    """,
    "withdrawn": "withdrawn withdrawn_at retracted",
    "withdrawn_reason": "withdrawn_reason withdrawal_reason retraction_reason",
    "audience": "audience",
    "zone": "zone timezone",
    "feed_content": "feed_content",
    "excerpt_length": "excerpt_length",
}
"""By our name."""

GATHERED = frozenset({"tags", "categories", "draft", "aliases", "path"})
"""Of which every key counts that is there."""

# What other tools and themes keep beside an article; no misspelt key of ours.
_OF_OTHERS = """
layout type kind template weight toc math katex mermaid series menu menus cascade params extra taxonomies resources
outputs build _build sitemap robots noindex noimage comments comment share social sidebar sidebar_position
sidebar_label sidebar_class_name pagination_next pagination_prev hide_title hide_table_of_contents show_reading_time
readingtime reading_time readtime wordcount featured pinned sticky order position priority level section subsection
part parent children nav navigation nav_order nav_title has_children permalinks subtitle subheading tagline deck
caption credit credits source sources notes note footnotes references bibliography doi journal venue conference talk
slides code repo repository github twitter mastodon email phone website homepage location place city country address
map event events start end start_date end_date time duration price rating score review book isbn movie recipe version
versions platform platforms language_code translations translation translationkey translator original i18n
contributors editor editors reviewer reviewers maintainer company organization team team_url release status_code
redirect redirect_to output output_ext published_by excerpt_separator in_search_index insert_anchor_links paginate_by
sort_by page_template transparent generate_feeds hide_from_feed changefreq disableshare disablehlj hidemeta
hidesummary searchhidden showtoc tocopen usehugotoc coauthors avatar bio css js scripts styles style class classes
id_prefix uid key keys data index draft_date last_review lastreviewed social_title og_title og_description
twitter_title twitter_image twitter_description meta meta_title seo seo_title comment_id plaintext html mobiledoc
lexical content body text codeinjection_head codeinjection_foot newsletter_id locale_id feature_image_alt
feature_image_caption frontmatter show_title_and_feature_image post_id wordpress_id wp_id wpid guid_url hash checksum
hashtags mentions emoji icon color theme dark gallery photos videos audios files attachments_dir assets thumbnail_alt
image_alt image_caption alt credits_url cover_alt hero_alt width height aspect tldr keypoints faq related
related_posts next prev previous up canonicalize mathjax latex jupyter has_math write post teaser_image language_tabs
search label labels tagged listed latest lists list links draftid
"""

OF_OTHERS = frozenset(_OF_OTHERS.split())
"""Keys that mean nothing here, and are not told of."""
