import Contracts
import Foundation

/// One request to the public API, which may be sent any number of times.
struct HTTPCall: Sendable {
    var method: String
    var path: String
    /// What it is, without ids, for the history.
    var name: String
    var body: JSONValue?
    var idempotencyKey: String?
    /// How many seconds the platform may wait for the outcome (`Prefer: wait`).
    var wait: Int?

    static func get(_ path: String, _ name: String) -> HTTPCall {
        HTTPCall(method: "GET", path: path, name: "GET \(name)")
    }

    /// A creating or moving request. Its key is its own for ever, however often it is sent.
    static func post(_ path: String, _ name: String, _ body: JSONValue? = nil, wait: Int? = nil) -> HTTPCall {
        HTTPCall(
            method: "POST", path: path, name: "POST \(name)", body: body, idempotencyKey: UUID().uuidString, wait: wait)
    }
}
