import Contracts

/// A request header that an endpoint honours, for the documentation.
struct HeaderParameter: Sendable, Equatable {
    let name: String
    let schema: JSONValue
    let summary: String

    static let prefer = HeaderParameter(
        name: "Prefer", schema: .object(["type": .string("string"), "examples": .array([.string("wait=10")])]),
        summary:
            "`wait=SECONDS` (RFC 7240, at most \(Preference.maximumWaitSeconds)): answer once the outcome "
            + "is settled, or after that time.")

    static let lastEventID = HeaderParameter(
        name: "Last-Event-ID", schema: .object(["type": .string("string")]),
        summary: "The id of the last event seen: nothing older is sent again.")

    static let ifNoneMatch = HeaderParameter(
        name: "If-None-Match", schema: .object(["type": .string("string")]),
        summary: "The `ETag` of an earlier answer: 304 when nothing has changed.")
}
