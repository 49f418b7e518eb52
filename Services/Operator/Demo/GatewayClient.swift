import Contracts
import Curl
import Foundation

/// The public HTTP API as an ordinary client uses it.
struct GatewayClient: Sendable {
    let baseURL: String
    var key: String
    private let sender = HTTPSender(
        policy: .publicInternetAndLoopback, userAgent: "voelgoed-operator/1.0", maximumConcurrent: 8)

    init(baseURL: String, key: String) {
        self.baseURL = baseURL
        self.key = key
    }

    struct Answer: Sendable {
        let status: Int
        let body: JSONValue

        /// A member that must be there.
        func text(_ name: String) throws -> String {
            guard case .string(let text)? = body[name] else {
                throw OperatorError("the answer has no \(name): \(body)")
            }
            return text
        }
    }

    /// Sends a request and takes any answer.
    func send(
        _ method: String, _ path: String, _ body: JSONValue? = nil, idempotencyKey: String? = nil,
        headers: [(name: String, value: String)] = []
    ) async throws -> Answer {
        var all = headers + [("Authorization", "Bearer \(key)"), ("Accept", "application/json")]
        if body != nil { all.append(("Content-Type", "application/json")) }
        if method == "POST" { all.append(("Idempotency-Key", idempotencyKey ?? UUID().uuidString.lowercased())) }
        let response: HTTPResponse
        do {
            response = try await sender.send(
                HTTPRequest(
                    method: method, url: baseURL + path, headers: all,
                    body: try body.map { try MessageCodec.encode($0) } ?? [], timeout: .seconds(40),
                    maximumResponseBytes: 4 << 20))
        } catch {
            throw OperatorError("\(method) \(path): the gateway at \(baseURL) does not answer (\(error))")
        }
        // Whoever needs something from a body that is no JSON says what is missing.
        let value = response.body.isEmpty ? JSONValue.null : (try? MessageCodec.decode(from: response.body)) ?? .null
        return Answer(status: response.status, body: value)
    }

    /// Sends a request and demands success.
    func demand(
        _ method: String, _ path: String, _ body: JSONValue? = nil, idempotencyKey: String? = nil,
        headers: [(name: String, value: String)] = []
    ) async throws -> Answer {
        let answer = try await send(method, path, body, idempotencyKey: idempotencyKey, headers: headers)
        guard (200..<300).contains(answer.status) else {
            throw OperatorError("\(method) \(path) answered \(answer.status): \(answer.body)")
        }
        return answer
    }
}
