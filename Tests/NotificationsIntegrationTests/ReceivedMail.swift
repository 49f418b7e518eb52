import Foundation

/// A mail as the relay in Servers/mail_relay.py understood it.
struct ReceivedMail: Decodable {
    let sender: String
    let recipients: [String]
    let messageID: String
    let subject: String
    let to: String
    let text: String
    let html: String
    let filenames: [String]
    let attachments: [Data]
}
