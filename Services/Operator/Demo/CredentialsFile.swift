import Foundation

/// `.local/credentials.json`: what a newcomer and outside checks need for a first call (API, "Access").
struct CredentialsFile: Codable, Sendable, Equatable {
    struct Demo: Codable, Sendable, Equatable {
        var organizationID: String
        var key: String
        var eventID: String
        var occurrenceID: String
        var ticketTypeID: String
        /// The checkout of the demo's sale, once it is done.
        var checkoutID: String?

        enum CodingKeys: String, CodingKey {
            case key
            case organizationID = "organization_id"
            case eventID = "event_id"
            case occurrenceID = "occurrence_id"
            case ticketTypeID = "ticket_type_id"
            case checkoutID = "checkout_id"
        }
    }

    var gatewayURL: String
    var platformKey: String
    var demo: Demo?

    enum CodingKeys: String, CodingKey {
        case demo
        case gatewayURL = "gateway_url"
        case platformKey = "platform_key"
    }

    static func read(_ path: String) throws -> CredentialsFile {
        try JSONDecoder().decode(CredentialsFile.self, from: Data(contentsOf: URL(filePath: path)))
    }

    /// Replaces the file as a whole. At no moment can anybody but its owner read it: it holds keys.
    func write(_ path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(self) + Data("\n".utf8)
        let draft = path + ".new"
        // What an earlier attempt left behind may have other permissions.
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw OperatorError("\(draft): \(String(cString: strerror(errno)))") }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        defer { close(descriptor) }
        try handle.write(contentsOf: data)
        guard rename(draft, path) == 0 else { throw OperatorError("\(path): \(String(cString: strerror(errno)))") }
    }
}
