import Contracts
import Foundation
import Testing

@testable import Notifications

/// A request as the server in Servers/webhook_server.py understood it.
struct ReceivedWebhook: Decodable {
    let method: String
    let target: String
    /// By lower-case names.
    let headers: [String: String]
    let body: String
    /// When it had arrived, in seconds since 1970.
    let receivedAt: Double

    enum CodingKeys: String, CodingKey {
        case method, target, headers, body
        case receivedAt = "received_at"
    }

    /// Checks the signature as a receiver would, and with the reference library where it is installed.
    func verify(secret text: String) async throws {
        let secret = try #require(WebhookSecret(text))
        let id = try #require(headers["webhook-id"])
        let seconds = try #require(headers["webhook-timestamp"].flatMap { Int64($0) })
        #expect(!id.contains("."))
        let signatures = try #require(headers["webhook-signature"]).split(separator: " ").map(String.init)
        #expect(
            signatures.contains(
                WebhookSignature.signature(id: id, seconds: seconds, payload: Array(body.utf8), secret: secret)))
        guard let python = Program.conformancePython else { return }
        // The library takes only times near the present.
        let now = Int64(Date().timeIntervalSince1970)
        let present = WebhookSignature.headers(
            id: id, time: Timestamp(millisecondsSince1970: now * 1000), payload: Array(body.utf8),
            secrets: [secret])
        let headers = Dictionary(uniqueKeysWithValues: present.map { ($0.name, $0.value) })
        let input = try JSONEncoder().encode([
            "headers": String(decoding: try JSONEncoder().encode(headers), as: UTF8.self), "body": body,
            "secret": text,
        ])
        let answer = try await Program.run(python, ["-c", Self.verifier, String(decoding: input, as: UTF8.self)])
        #expect(answer == "valid\n")
    }

    private static let verifier = """
        import json, sys
        from standardwebhooks import Webhook
        given = json.loads(sys.argv[1])
        headers = json.loads(given["headers"])
        Webhook(given["secret"]).verify(given["body"], headers)
        try:
            Webhook(given["secret"]).verify(given["body"] + " ", headers)
        except Exception:
            print("valid")
        """
}
