use std::net::SocketAddr;

use http::{Method, Request, header, request};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{Answer, Body, DEADLINE, EventStream, Unanswered, connection, connection::whole};

/// A client of one server. Each request has a connection of its own.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    server: SocketAddr,
}

impl Client {
    /// A client of the server at this address.
    #[must_use]
    pub fn new(server: SocketAddr) -> Self {
        Self { server }
    }

    /// Begins a request, to be completed and sent by the caller.
    #[must_use]
    pub fn request(&self, method: Method, path: &str) -> request::Builder {
        Request::builder().method(method).uri(path)
    }

    /// Sends a request and reads the whole response.
    ///
    /// # Errors
    /// [`Unanswered`] when there is no whole response.
    pub async fn try_send(&self, request: Request<Body>) -> Result<Answer, Unanswered> {
        let response = connection::send(self.server, request).await?;
        let (head, body) = response.into_parts();
        let body = timeout(DEADLINE, body.collect()).await.map_err(|_| Unanswered::Late)??;
        Ok(Answer { status: head.status, headers: head.headers, body: body.to_bytes() })
    }

    /// Sends a request and reads the whole response.
    ///
    /// # Panics
    /// When there is no whole response.
    pub async fn send(&self, request: Result<Request<Body>, http::Error>) -> Answer {
        let request = request.unwrap_or_else(|error| panic!("no request: {error}"));
        let target = format!("{} {}", request.method(), request.uri());
        match self.try_send(request).await {
            Ok(answer) => answer,
            Err(error) => panic!("{target}: {error}"),
        }
    }

    /// `GET path`
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).body(whole(""))).await
    }

    /// `DELETE path`
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path).body(whole(""))).await
    }

    /// `POST path` with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_with(path, body, &[]).await
    }

    /// `POST path` with a JSON body and more headers.
    pub async fn post_with(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
        let request =
            self.request(Method::POST, path).header(header::CONTENT_TYPE, "application/json");
        self.send(with_headers(request, headers).body(whole(body.to_string()))).await
    }

    /// Starts a generation of `text` and returns its id.
    ///
    /// # Panics
    /// When the server refuses it.
    pub async fn start(&self, text: &str) -> String {
        let answer = self.post("/api/generations", &json!({"text": text})).await;
        match answer.json()["id"].as_str() {
            Some(id) => id.to_owned(),
            None => panic!("not started: {} {}", answer.status, answer.text()),
        }
    }

    /// The snapshot of a generation.
    pub async fn snapshot(&self, id: &str) -> Value {
        self.get(&format!("/api/generations/{id}")).await.json()
    }

    /// Opens an event stream.
    ///
    /// # Errors
    /// [`Unanswered`] when the server does not answer.
    pub async fn try_open(
        &self,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Result<EventStream, Unanswered> {
        let request = self.request(Method::GET, path).header(header::ACCEPT, "text/event-stream");
        let request = with_headers(request, headers).body(whole(""));
        let request = request.unwrap_or_else(|error| panic!("no request: {error}"));
        Ok(EventStream::new(path, connection::send(self.server, request).await?))
    }

    /// Opens an event stream.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn open(&self, path: &str, headers: &[(&str, &str)]) -> EventStream {
        match self.try_open(path, headers).await {
            Ok(stream) => stream,
            Err(error) => panic!("GET {path}: {error}"),
        }
    }

    /// Posts a JSON body, whose answer is an event stream.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn open_posted(
        &self,
        path: &str,
        body: &Value,
        headers: &[(&str, &str)],
    ) -> EventStream {
        let request =
            self.request(Method::POST, path).header(header::CONTENT_TYPE, "application/json");
        let request = with_headers(request, headers).body(whole(body.to_string()));
        let request = request.unwrap_or_else(|error| panic!("no request: {error}"));
        match connection::send(self.server, request).await {
            Ok(answer) => EventStream::new(path, answer),
            Err(error) => panic!("POST {path}: {error}"),
        }
    }

    /// Opens the event stream of a generation after the event `after`.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn follow(&self, id: &str, after: u64) -> EventStream {
        let after = after.to_string();
        self.open(&format!("/api/generations/{id}/events"), &[("last-event-id", &after)]).await
    }
}

fn with_headers(request: request::Builder, headers: &[(&str, &str)]) -> request::Builder {
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
}
