import Curl

/// What carries webhooks to their endpoints.
protocol WebhookCarrier: Sendable {
    /// Waits for the endpoint's answer, whatever its status. Never retries by itself.
    func send(_ request: HTTPRequest) async throws(HTTPSendError) -> HTTPResponse

    /// Says at once that a URL cannot work, as far as its text tells.
    func check(url: String) throws(HTTPSendError)
}

extension HTTPSender: WebhookCarrier {}
