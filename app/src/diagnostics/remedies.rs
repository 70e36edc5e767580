/// The address that the server listens on by default.
const DEFAULT_ADDRESS: &str = "127.0.0.1:5001";

/// The lines that a proxy needs in its configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Remedy {
    pub(crate) proxy: &'static str,
    pub(crate) lines: String,
}

/// For each of the common proxies, the lines that switch response buffering off, raise its
/// timeouts, and let long texts through. Caddy and Apache accept long texts by default.
///
/// Sources: nginx, `ngx_http_proxy_module` and `client_max_body_size`; Caddy, `reverse_proxy`;
/// Apache, `mod_proxy`.
pub(crate) fn remedies(address: &str, max_input_bytes: u64) -> [Remedy; 3] {
    let max_input_mb = max_input_bytes.div_ceil(1024 * 1024);
    let nginx = format!(
        "location / {{
    proxy_pass http://{address};
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header Connection \"\";
    proxy_buffering off;
    proxy_read_timeout 1h;
    client_max_body_size {max_input_mb}m;
    gzip off;
}}"
    );
    let caddy = format!(
        "reverse_proxy {address} {{
    flush_interval -1
}}"
    );
    let apache = format!(
        "ProxyPreserveHost On
ProxyPass / http://{address}/ flushpackets=on timeout=3600
ProxyPassReverse / http://{address}/
SetEnv no-gzip 1"
    );
    [("nginx", nginx), ("Caddy", caddy), ("Apache", apache)]
        .map(|(proxy, lines)| Remedy { proxy, lines })
}

/// The address at which a proxy finds the server. If the page was opened on the server's own
/// machine, that is the page's address, and otherwise the default one.
pub(crate) fn upstream(hostname: &str, host: &str) -> String {
    let is_own = matches!(hostname, "localhost" | "[::1]") || hostname.starts_with("127.");
    if is_own { host } else { DEFAULT_ADDRESS }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_this_machine_tells_the_address() {
        assert_eq!(upstream("127.0.0.1", "127.0.0.1:8080"), "127.0.0.1:8080");
        assert_eq!(upstream("[::1]", "[::1]:8080"), "[::1]:8080");
        assert_eq!(upstream("localhost", "localhost:8080"), "localhost:8080");
        assert_eq!(upstream("unspool.example", "unspool.example"), DEFAULT_ADDRESS);
    }

    #[test]
    fn all_ask_the_address_and_nginx_takes_texts_up_to_the_limit() {
        let all = remedies("[::1]:8080", 4 * 1024 * 1024 + 1);
        assert!(all.iter().all(|remedy| remedy.lines.contains("[::1]:8080")));
        assert!(all[0].lines.contains("client_max_body_size 5m;"));
    }
}
