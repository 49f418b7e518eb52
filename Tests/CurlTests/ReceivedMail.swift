import Foundation

/// A mail as the relay in Servers/smtp_server.py understood it.
struct ReceivedMail: Decodable {
    struct Part: Decodable {
        let type: String
        let disposition: String?
        let filename: String?
        let content: Data
        let defects: [String]

        var text: String {
            String(decoding: content, as: UTF8.self)
        }
    }

    let peer: Int
    let encrypted: Bool
    let sender: String
    let recipients: [String]
    let headers: [[String]]
    let defects: [String]
    let structure: [String]
    let parts: [Part]
    let longestLine: Int
    let isASCII: Bool

    enum CodingKeys: String, CodingKey {
        case peer, encrypted, sender, recipients, headers, defects, structure, parts
        case longestLine = "longest_line"
        case isASCII = "is_ascii"
    }

    func values(_ name: String) -> [String] {
        headers.filter { $0[0].lowercased() == name }.map { $0[1] }
    }
}
