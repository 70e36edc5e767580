use http::StatusCode;

use crate::stage::{begin, builtin, played};

/// The page of a generation whose model wrote `title`, and what its header allows.
async fn page_of(title: &str) -> (String, String) {
    let (server, mut upstream) = played().await;
    let (id, exchange) = begin(server.client(), &mut upstream).await;
    exchange.answer(title, title).await;
    server.client().follow(&id, 0).await.rest().await;
    let answer = server.client().get(&format!("/g/{id}")).await;
    (answer.text(), answer.header("content-security-policy").to_owned())
}

#[tokio::test]
async fn what_a_model_writes_is_never_markup() {
    let (page, _) = page_of("</title><script>boom()</script> &lt;b").await;
    assert!(page.contains("<title>&lt;/title>&lt;script>boom()"), "{page}");
    assert!(page.contains("&amp;lt;b · Unspool</title>"), "{page}");
    assert!(!page.contains("<script>boom()"), "{page}");
}

#[tokio::test]
async fn no_script_runs_but_the_page_s_own() {
    let (page, policy) = page_of("Ice").await;
    let nonce = policy.split_once("script-src 'self' 'nonce-").unwrap().1;
    let (nonce, _) = nonce.split_once('\'').unwrap();
    assert!(policy.contains("object-src 'none'; base-uri 'none'"), "{policy}");
    let scripts: Vec<_> = page.match_indices("<script").collect();
    assert!(!scripts.is_empty());
    for (at, _) in scripts {
        let (tag, _) = page[at..].split_once('>').unwrap();
        assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{tag}");
    }
}

#[tokio::test]
async fn a_slash_at_the_end_of_an_address_leads_to_its_page() {
    let server = builtin().await;
    for page in ["/history", "/diagnostics", "/g/abc"] {
        let answer = server.client().get(&format!("{page}/")).await;
        let found = (answer.status, answer.header("location"));
        assert_eq!(found, (StatusCode::PERMANENT_REDIRECT, page));
    }
    for path in ["/nothing/", "//history/", "/g//", "/g/a/b/"] {
        assert_eq!(server.client().get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
