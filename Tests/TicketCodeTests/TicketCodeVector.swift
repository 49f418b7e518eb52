import Foundation

/// One line of Vectors/ticket-codes.json: what an implementation that shares no code with ours makes of the same input.
struct TicketCodeVector: Decodable, CustomStringConvertible {
    let secret: String
    let occurrenceID: UUID
    let ticketID: UUID
    let revision: UInt16
    let publicKey: String
    let text: String

    enum CodingKeys: String, CodingKey {
        case secret, revision, text
        case occurrenceID = "occurrence_id"
        case ticketID = "ticket_id"
        case publicKey = "public_key"
    }

    var description: String { "ticket \(ticketID) revision \(revision)" }

    static func all() throws -> [TicketCodeVector] {
        try JSONDecoder().decode([TicketCodeVector].self, from: Data(PackageResources.ticket_codes_json))
    }

    static func bytes(ofHex text: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { throw CocoaError(.coderInvalidValue) }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
