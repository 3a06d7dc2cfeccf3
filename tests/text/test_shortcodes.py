"""Template tags of other tools: what becomes of each, and what is left alone."""

# ruff: noqa: E501 - a case is one line

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.text.markup import render
from feedsvc.text.shortcodes import without


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('{{< figure src="a.png" alt="An a" caption="A & b" >}}', '<figure><img src="a.png" alt="An a"><figcaption>A &amp; b</figcaption></figure>'),
        ("{{< figure src=a.png >}}", '<figure><img src="a.png" alt=""></figure>'),
        ("{{< youtube w7Ft2ymGmfc >}}", '<figure><a href="https://www.youtube.com/watch?v=w7Ft2ymGmfc">Video: youtube.com</a></figure>'),
        ('{{ youtube(id="w7", autoplay=true) }}', '<figure><a href="https://www.youtube.com/watch?v=w7">Video: youtube.com</a></figure>'),
        ('{{< vimeo id="12" >}}', '<figure><a href="https://vimeo.com/12">Video: vimeo.com</a></figure>'),
        ("{{< gist ada 1a2b >}}", '<figure><a href="https://gist.github.com/ada/1a2b">Code: gist.github.com</a></figure>'),
        ("{{< gist >}}", ""),
        ("a\n\n{/* truncate */}\n\nb", "a\n\n<!-- more -->\n\nb"),
        ("a {{< unknown x >}}b{{< /unknown >}} c", "a b c"),
        ("{% assign now = site.data.x | first %}\n\nIt has <{{ now.url }}> {{now | upcase}} bytes, {{ then }}.", "\n\nIt has   bytes, {{ then }}."),
        ("{% for a in site.posts %}{{ a.title }}, {% endfor %}", ", "),
        ('<code style={{display: "block", color: "#fff"}} id="a">x</code>', '<code id="a">x</code>'),
        ('<img\n  style={{\n    a: 1\n  }}\n  src="a.png"\n/>', '<img\n  src="a.png"\n/>'),
        ("<>\n<img src='a.png' width={280} style={{ margin: 10 }} onClick={f} />\n</>", "\n<img src='a.png' width=\"280\" />\n"),
        ("a{' '}b <a href={% link c.md %}>c</a>", "a b <a href=c>c</a>"),
        ("{{% notice tip %}}\nWords\n{{% /notice %}}", "\nWords\n"),
        ('[b]({{< ref "posts/b.md" >}})', "[b](b)"),
        ("{{</* figure */>}}", "{{< figure >}}"),
        ("{% highlight ruby linenos %}\nputs 1\n{% endhighlight %}", "\n```ruby\nputs 1\n```\n"),
        ('{{< highlight go "linenos=1" >}}\nx {{ y }}\n{{< / highlight >}}', "\n```go\nx {{ y }}\n```\n"),
        ("{% raw %}{{ x }} {% y %}{% endraw %}", "{{ x }} {% y %}"),
        ("{% comment %} no {% endcomment %}yes", "yes"),
        ("{% include a.html x=1 %}b", "b"),
        ("{%- if x -%}b{% endif %}", "b"),
        ("[a]({% post_url 2020-05-20-name %}) [b]({% link _posts/b.md %})", "[a](name) [b](b)"),
        ('[a]({% link _posts/2020-05-20-a.markdown %}) [b]({{< relref "b.mdx#c" >}})', "[a](a) [b](b#c)"),
        ("``` a ```\n\n:::note\nWords\n:::", "``` a ```\n\n\n\nWords\n\n"),
        ("![x]({{ site.baseurl }}/a.png)", "![x](/a.png)"),
        ("![x]({{ '/a.png' | relative_url }})", "![x](/a.png)"),
        ("{{ page.title }}!", "!"),
        ("{% quote(author='x') %}\nWords\n{% end %}", "\nWords\n"),
        ("Words\n{: .lead}\n", "Words\n\n"),
        ("![x](a.png){: width='3'}", "![x](a.png)"),
        ("## A title {#a-title}\n", '## <a id="a-title"></a>A title\n'),
        ("## A title ## {#b.c .wide}\n", '## <a id="b.c"></a>A title ##\n'),
        ("## A title {#a onclick=x}\n", '## <a id="a"></a>A title\n'),
        ('## A title {#"><b>}\n', "## A title\n"),
        (":::note\n\nWords\n\n:::", "\n\n\nWords\n\n\n"),
        (":::tip[My title]\nWords\n:::", "\n**My title**\n\nWords\n\n"),
        ("> [!NOTE]\n> Words", "> \n> Words"),
        ("[[A page]] and [[b#c|d]] and ![[e f.png]]", "A page and d and ![](<e f.png>)"),
    ],
)  # fmt: skip
def test_a_tag_shows_what_it_showed(source: str, shown: str) -> None:
    assert without(source) == shown


@pytest.mark.parametrize(
    "source",
    [
        "Vue writes {{ message }} in its templates.",
        "`{{ site.url }}` and ``{% raw %}``",
        "```liquid\n{% include a %}\n:::\n```",
        "> ~~~\n> {{< figure src=a >}}\n> ~~~",
        "a { b } c {",
        "Write <Tab of={this} /> there.",
        "if [[ -f x ]]; then",
        "{{< never closed",
        "a ::: b",
    ],
)
def test_what_is_none_is_left_alone(source: str) -> None:
    assert without(source) == source


@given(st.text(st.characters(exclude_characters="{[:", exclude_categories=["Cc", "Cs"])))
def test_a_text_without_braces_is_left_alone(source: str) -> None:
    assert without(source) == source


@pytest.mark.parametrize(
    "source", ["{{<" * 50_000, "<a x={" * 50_000, "<a x={" + "<a" * 50_000, "<a ={{" * 50_000, "<a x={{" + "<a" * 50_000, "{% assign a" * 20_000 + "{{a" * 50_000, "{%" * 50_000, "{{ x(" * 50_000, "[[a" * 50_000, "`" * 100_000, "{% raw %}" * 20_000,
               "{%highlight a%}" * 10_000, "```\n" * 50_000 + "{", "".join("`" * n + "a" for n in range(400)) + "{",
               *(tag + " " * 200_000 + "x" for tag in ("{%", "{{", "{% raw", "{% highlight", "{{< highlight", "# a", "{{page")),
               "# a" + " " * 200_000 + "{#", ("{{page" + " " * 480) * 400, "{\n" + "`" * 200_000]
)  # fmt: skip
def test_what_never_closes_costs_little(source: str) -> None:
    assert len(without(source)) <= len(source)


def test_the_renderer_does_it_first() -> None:
    assert render("{% highlight c %}\na < b\n{% endhighlight %}", "markdown") == (
        '<pre><code class="language-c">a &lt; b\n</code></pre>\n'
    )
