import Contracts
import Foundation

/// One thing that webhooks tell of.
struct WebhookNotice: Sendable, Equatable {
    var type: WebhookEventType
    /// The order, ticket or checkout that it is about: each is told of once.
    var objectID: UUID
    var occurredAt: Timestamp
    /// A JSON object. It never holds a ticket's signed code, which would admit whoever reads it.
    var data: JSONValue

    /// The body exactly as it is signed and sent (Standard Webhooks 1.0, "Payload structure").
    var payload: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let data = String(decoding: try encoder.encode(data), as: UTF8.self)
            return #"{"type":"\#(type.rawValue)","timestamp":"\#(occurredAt)","data":\#(data)}"#
        }
    }
}

extension JSONValue {
    /// An object without the members that have no value.
    static func members(_ members: [String: JSONValue?]) -> JSONValue {
        .object(members.compactMapValues { $0 })
    }

    /// The text form of an id.
    static func id<Subject>(_ id: Identifier<Subject>) -> JSONValue { .string(id.description) }

    static func time(_ time: Timestamp) -> JSONValue { .string(time.description) }
}
