import Contracts
import Foundation
import HTTPTypes

/// A request that was let in: what an endpoint gets.
struct Call: Sendable {
    let endpoint: Endpoint
    let arrival: Arrival
    /// Nil at endpoints that are open to all.
    let caller: Caller?
    let path: String
    let pathParameters: [String: String]
    /// The query's parameters that the endpoint declares, checked against their schemas.
    let query: [String: String]
    let headers: HTTPFields
    let body: [UInt8]
    /// The right to answer under the caller's idempotency key.
    let claim: IdempotencyClaim?
    /// The right to have the platform work on it, at endpoints that are admitted by capacity.
    let slot: CheckoutAdmission.Slot?
    /// The id for what the call creates: the same for every repetition under one idempotency key.
    let resourceID: UUID

    var requestID: UUID { arrival.requestID }
    var traceparent: String { arrival.traceparent }

    /// The caller's organisation.
    /// - Throws: a ``Problem`` `forbidden` for the platform key.
    var organizationID: OrganizationID {
        get throws {
            guard let tenant = caller?.tenant else { throw Problem(.forbidden, "Use an organisation's key.") }
            return tenant.organizationID
        }
    }

    /// The id that a path parameter holds. What is no UUID names nothing.
    /// - Parameter what: the object, for the answer when there is none.
    /// - Throws: a ``Problem`` `not-found`.
    func id<Subject>(
        _ name: String = "id", of what: String, as type: Identifier<Subject>.Type = Identifier<Subject>.self
    ) throws -> Identifier<Subject> {
        guard let text = pathParameters[name], let id = Identifier<Subject>(text) else { throw Problem.notFound(what) }
        return id
    }

    /// A query parameter of a fixed set of words.
    func choice<Choice: RawRepresentable<String>>(_ name: String) -> Choice? {
        query[name].flatMap(Choice.init(rawValue:))
    }

    /// A query parameter that is a time.
    func time(_ name: String) -> Timestamp? {
        query[name].flatMap { Timestamp($0) }
    }

    /// Which page of a list is wanted.
    var page: PageRequest {
        PageRequest(limit: query["limit"].flatMap { Int($0) } ?? PageRequest.defaultLimit, cursor: query["cursor"])
    }

    /// The body.
    /// - Throws: a ``Refusal`` that names what is wrong with it.
    func decode<Body: Decodable>(_ type: Body.Type = Body.self) throws -> Body {
        try BodyDecoder(rule: endpoint.body).decode(type, from: body)
    }

    /// A page with a `Link` to the next one (RFC 8288).
    func reply<Element>(with page: Page<Element>) throws -> Reply {
        var headers = HTTPFields()
        if let next = page.nextCursor {
            var parameters = query
            parameters["cursor"] = next
            let text = parameters.sorted { $0.key < $1.key }
                .map { "\($0.key)=\(Self.escape($0.value))" }.joined(separator: "&")
            headers[.link] = "<\(path)?\(text)>; rel=\"next\""
        }
        return try .json(200, page, headers: headers)
    }

    /// RFC 3986, section 2.3: everything but unreserved characters is escaped.
    private static func escape(_ text: String) -> String {
        text.utf8.reduce(into: "") { escaped, byte in
            let scalar = Unicode.Scalar(byte)
            let isUnreserved =
                byte < 0x80
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "-._~".unicodeScalars.contains(scalar))
            escaped += isUnreserved ? String(scalar) : String(format: "%%%02X", byte)
        }
    }
}
