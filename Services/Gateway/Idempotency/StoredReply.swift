import Contracts
import Foundation
import HTTPTypes
import NIOCore

/// An answer as it is kept for repetitions: without what belongs to one request only, such as its id and the rate
/// limit.
struct StoredReply: Codable, Sendable, Equatable {
    struct Field: Codable, Sendable, Equatable {
        let name: String
        let value: String
    }

    let status: Int
    let headers: [Field]
    let contentType: String?
    let body: Data

    /// Nil for an answer that is a stream.
    init?(_ reply: Reply) {
        status = reply.status
        headers = reply.headers.map { Field(name: $0.name.rawName, value: $0.value) }
        switch reply.body {
        case .empty: (contentType, body) = (nil, Data())
        case .bytes(let bytes, let type): (contentType, body) = (type, Data(bytes))
        case .shared(let buffer, let type): (contentType, body) = (type, Data(buffer.readableBytesView))
        case .stream: return nil
        }
    }

    init(bytes: [UInt8]) throws {
        self = try MessageCodec.decode(from: bytes)
    }

    func bytes() throws -> [UInt8] { try MessageCodec.encode(self) }

    /// The answer to a repetition.
    var reply: Reply {
        var fields = HTTPFields()
        for field in headers {
            if let name = HTTPField.Name(field.name) { fields.append(HTTPField(name: name, value: field.value)) }
        }
        fields[.idempotencyReplayed] = "true"
        return Reply(
            status: status, headers: fields, body: contentType.map { .bytes(Array(body), contentType: $0) } ?? .empty)
    }
}
