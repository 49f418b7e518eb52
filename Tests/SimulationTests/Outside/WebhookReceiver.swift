import Curl

@testable import Curl
@testable import Notifications

/// All webhook endpoints of a run: they take webhooks, are slow, fail, ask for rest, say nothing, or want no more.
@SimulationActor
final class WebhookReceiver: WebhookCarrier {
    /// One webhook as it came in.
    struct Arrival {
        let url: String
        let id: String
        let sequence: String
        let timestamp: String
        let signatures: [String]
        let payload: [UInt8]
        /// Whether the endpoint has told the sender that it has the webhook.
        var isTaken = false
    }

    private enum Mood {
        case slow, failing, busy, away, silent, gone
    }

    private static let moods: [(weight: Int, element: Mood)] = [
        (60, .slow), (60, .failing), (40, .busy), (40, .away), (40, .silent), (1, .gone),
    ]

    /// The chance that a webhook is not taken at once.
    var trouble: Double
    private(set) var arrivals: [Arrival] = []
    private var random: SeededGenerator

    init(random: SeededGenerator, trouble: Double) {
        self.random = random
        self.trouble = trouble
    }

    nonisolated func check(url: String) {}

    func send(_ request: HTTPRequest) async throws(HTTPSendError) -> HTTPResponse {
        let mood = random.chance(trouble) ? random.pick(Self.moods) : nil
        if mood == .away { throw .connectionFailed("nobody listens") }
        let index = note(request)
        switch mood {
        case .slow:
            try await rest(random.milliseconds(in: 50...14_000))
            return take(index)
        case .failing: return Self.answer(500)
        case .busy: return Self.answer(429, retryAfter: random.number(in: 1...300))
        case .silent:
            try await rest(request.timeout)
            throw .timedOut
        case .gone: return Self.answer(410)
        case .away, nil: return take(index)
        }
    }

    private func note(_ request: HTTPRequest) -> Int {
        func header(_ name: String) -> String { request.headers.first { $0.name == name }?.value ?? "" }
        arrivals.append(
            Arrival(
                url: request.url, id: header("webhook-id"), sequence: header("webhook-sequence"),
                timestamp: header("webhook-timestamp"),
                signatures: header("webhook-signature").split(separator: " ").map { String($0) },
                payload: request.body))
        return arrivals.count - 1
    }

    private func take(_ index: Int) -> HTTPResponse {
        arrivals[index].isTaken = true
        return Self.answer(200)
    }

    private static func answer(_ status: Int, retryAfter: Int? = nil) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: retryAfter.map { [("Retry-After", String($0))] } ?? [], body: [],
            isTruncated: false, duration: .milliseconds(1))
    }

    private func rest(_ duration: Duration) async throws(HTTPSendError) {
        do { try await Performance.rest(duration) } catch { throw .cancelled }
    }
}
