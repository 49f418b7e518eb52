import Contracts
import Foundation
import HTTPTypes
import Hummingbird

/// What an endpoint answers, before it becomes an HTTP response.
struct Reply: Sendable {
    enum Body: Sendable {
        case empty
        case bytes([UInt8], contentType: String)
        /// Bytes that are given out many times.
        case shared(ByteBuffer, contentType: String)
        /// Written piece by piece, for as long as the client listens.
        case stream(contentType: String, @Sendable (inout any ResponseBodyWriter) async throws -> Void)
    }

    /// What an action did, for the audit log and the request log.
    struct Effect: Sendable {
        /// The object that was created or changed.
        var resourceID: String?
        /// The organisation it belongs to, where the caller's key does not say.
        var organizationID: OrganizationID?
    }

    var status: Int
    var headers: HTTPFields
    var body: Body
    /// The kind of problem that is answered.
    var slug: Problem.Slug?
    var effect = Effect()
    /// Whether the endpoint's own transaction has already kept this answer and told the audit log.
    var isRecorded = false

    init(status: Int, headers: HTTPFields = [:], body: Body = .empty, slug: Problem.Slug? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
        self.slug = slug
    }

    /// The same value always gives the same bytes, so that an entity tag means something.
    static func json(_ status: Int, _ value: some Encodable, headers: HTTPFields = [:]) throws -> Reply {
        Reply(
            status: status, headers: headers,
            body: .bytes(Array(try encoder.encode(value)), contentType: "application/json"))
    }

    /// JSON that another service has written: all of it is public, and the order of its members is that service's business,
    /// so that it is no body for an entity tag.
    static func json(_ status: Int, encoded: [UInt8]) -> Reply {
        Reply(status: status, body: .bytes(encoded, contentType: "application/json"))
    }

    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()

    /// 201 with the new object and where it is.
    static func created(_ value: some Encodable, at location: String, id: String) throws -> Reply {
        var reply = try Reply.json(201, value, headers: [.location: location])
        reply.effect.resourceID = id
        return reply
    }

    static let noContent = Reply(status: 204)

    func about(_ resourceID: some CustomStringConvertible) -> Reply {
        var copy = self
        copy.effect.resourceID = resourceID.description
        return copy
    }

    func about(_ resourceID: some CustomStringConvertible, of organizationID: OrganizationID) -> Reply {
        var copy = about(resourceID)
        copy.effect.organizationID = organizationID
        return copy
    }

    /// Whether a repetition of the request is given this answer again.
    ///
    /// An answer that says "later" is none to keep. Neither is a conflict with the state of an object (RFC 9110, section
    /// 15.5.10): nothing was done, and the same request may be right when the state has changed.
    var isWorthKeeping: Bool {
        switch status {
        case 409, 429, 500...: false
        default: true
        }
    }

    var response: Response {
        var headers = headers
        switch body {
        case .empty: return Response(status: .init(code: status), headers: headers)
        case .bytes(let bytes, let contentType):
            headers[.contentType] = contentType
            return Response(
                status: .init(code: status), headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        case .shared(let buffer, let contentType):
            headers[.contentType] = contentType
            return Response(status: .init(code: status), headers: headers, body: .init(byteBuffer: buffer))
        case .stream(let contentType, let write):
            headers[.contentType] = contentType
            return Response(status: .init(code: status), headers: headers, body: .init(write))
        }
    }
}
