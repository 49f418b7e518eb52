import Contracts
import Foundation
import FoundationNetworking

/// A client as real ones are: it gives an attempt up after some seconds, sends the same request again under the same
/// key, honours `Retry-After`, and goes to another gateway when one does not answer.
struct PatientClient: Sendable {
    /// How long one attempt may take, beside the time that the platform was asked to wait.
    private static let patience = 8.0
    /// The longest pause that a client accepts from `Retry-After`.
    private static let longestPause = 5.0

    let gateways: [String]
    let key: String
    let clock: CampaignClock

    private static let session: URLSession = {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpMaximumConnectionsPerHost = 1024
        configuration.urlCache = nil
        return URLSession(configuration: configuration)
    }()

    /// Sends until the platform has decided, or the time is over.
    ///
    /// - Parameters:
    ///   - deadline: in seconds after the load began.
    ///   - note: told of each attempt's answer.
    /// - Returns: the answer; nil when none came in time.
    func send(
        _ call: HTTPCall, until deadline: Double, note: (Answer) async -> Void
    ) async throws -> HTTPReply? {
        var gateway = Int.random(in: gateways.indices)
        var pause = 0.1
        while true {
            let reply: HTTPReply?
            do {
                let received = try await attempt(call, at: gateways[gateway])
                await note(
                    Answer(at: clock.now, call: call.name, status: received.status, detail: received.problem))
                reply = received
            } catch let error as URLError {
                await note(Answer(at: clock.now, call: call.name, detail: "\(error.code.rawValue)"))
                gateway = (gateway + 1) % gateways.count
                reply = nil
            }
            try Task.checkCancellation()
            if let reply, !reply.isPassing { return reply }
            let wanted = reply?.retryAfter.map(Double.init) ?? pause
            let next = clock.now + min(wanted, Self.longestPause) * Double.random(in: 0.8...1.2)
            guard next < deadline else { return nil }
            try await clock.sleep(until: next)
            pause = min(pause * 2, 1)
        }
    }

    /// Sends once.
    /// - Throws: `URLError` when no answer came.
    func attempt(_ call: HTTPCall, at gateway: String) async throws -> HTTPReply {
        guard let url = URL(string: gateway + call.path) else { throw CampaignError("no URL: \(call.path)") }
        var request = URLRequest(url: url)
        request.httpMethod = call.method
        request.timeoutInterval = Self.patience + Double(call.wait ?? 0)
        request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization")
        if let key = call.idempotencyKey { request.setValue(key, forHTTPHeaderField: "Idempotency-Key") }
        if let wait = call.wait { request.setValue("wait=\(wait)", forHTTPHeaderField: "Prefer") }
        if let body = call.body {
            let encoder = JSONEncoder()
            // The same value is always the same bytes: a key is bound to them.
            encoder.outputFormatting = [.sortedKeys]
            request.httpBody = try encoder.encode(body)
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        }
        let (data, response) = try await Self.session.data(for: request)
        guard let http = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
        // An answer that is no JSON is judged by its status alone.
        let value = (try? JSONDecoder().decode(JSONValue.self, from: data)) ?? .null
        return HTTPReply(
            status: http.statusCode, body: value,
            retryAfter: http.value(forHTTPHeaderField: "Retry-After").flatMap { Int($0) })
    }
}
