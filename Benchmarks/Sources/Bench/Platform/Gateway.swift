import Foundation

/// The public API as an organiser uses it before a sale.
final class Gateway {
    private let reactor: Reactor
    private let port: UInt16
    private var generator: SeededGenerator

    init(_ reactor: Reactor, port: UInt16, seed: UInt64) {
        self.reactor = reactor
        self.port = port
        generator = SeededGenerator(seed: seed)
    }

    /// Sends a JSON object and demands success.
    func post(_ path: String, key: String, _ body: [String: Any]) throws -> [String: Any] {
        let idempotencyKey = String(decoding: generator.uuid(), as: UTF8.self)
        let request = HTTPRequest.bytes(
            "POST", path, headers: ["Authorization: Bearer \(key)", "Idempotency-Key: \(idempotencyKey)"],
            body: Array(try JSONSerialization.data(withJSONObject: body)))
        return try reactor.ask(port, request) { reply in
            guard (200..<300).contains(reply.status) else {
                throw BenchError("\(path) answered \(reply.status): \(reply.bodyText)")
            }
            return try JSONSerialization.jsonObject(with: Data(reply.bodyText.utf8)) as? [String: Any] ?? [:]
        }
    }

    /// Creates something and returns one of its texts.
    func create(_ path: String, key: String, _ body: [String: Any], _ name: String = "id") throws -> String {
        let answer = try post(path, key: key, body)
        guard let text = answer[name] as? String else {
            throw BenchError("\(path) answered without \(name): \(answer)")
        }
        return text
    }
}
