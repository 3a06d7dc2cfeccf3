# Varnish as a cache in front of feedsvc: /etc/varnish/default.vcl
vcl 4.1;

backend feedsvc {
    .host = "127.0.0.1";
    .port = "8000";
    .connect_timeout = 1s;
    .first_byte_timeout = 15s;
    .between_bytes_timeout = 15s;
}

# Who may say that something is to be let go of: feedsvc, by the setting `purge_url`. What speaks TLS in front of this, on
# the same machine, must not pass PURGE on, or everybody may.
acl purgers {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE" && client.ip !~ purgers) {
        return (synth(405));
    }
    # Who asks; never what he says of himself.
    set req.http.X-Forwarded-For = client.ip;
    # feedsvc knows no cookies, and one parameter.
    unset req.http.Cookie;
    if (req.url ~ "\?(.*&)?format=feed(&|$)") {
        set req.url = regsub(req.url, "\?.*$", "?format=feed");
    } else {
        set req.url = regsub(req.url, "\?.*$", "");
    }
    if (req.method == "PURGE") {
        return (purge);
    }
    # How feedsvc is, is asked of feedsvc.
    if (req.url == "/readyz") {
        return (synth(404));
    }
    # Recordings are asked for in parts: a cache would fetch each of them whole first.
    if (req.url ~ "^/media/") {
        return (pass);
    }
}

sub vcl_backend_response {
    # For how long, feedsvc says in Cache-Control; for how long after that, while it is asked again in the background or
    # cannot be asked, Varnish takes from `stale-while-revalidate`. What is `private` or `no-store` is not kept; of each
    # address there are as many forms as its Vary says.
    if (beresp.status >= 500 && bereq.is_bgfetch) {
        # What is kept is better.
        return (abandon);
    }
    # Behind all that, what is kept is good to ask by If-None-Match whether it is still so.
    set beresp.keep = 1h;
}

sub vcl_deliver {
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
}
