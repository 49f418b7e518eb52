/// A mail relay that takes every mail and forgets it (RFC 5321, as much as a client needs that sends one mail at a time).
final class MailSession: LocalServer.Session {
    private static let endOfMail: [UInt8] = Array("\r\n.\r\n".utf8)

    let greeting = Array("220 bench\r\n".utf8)
    private let onDelivery: () -> Void
    private var line: [UInt8] = []
    private var isMail = false
    /// The latest bytes of the mail, as many as its end has.
    private var tail: [UInt8] = []

    /// - Parameter onDelivery: called for each mail, repetitions included.
    init(onDelivery: @escaping () -> Void) {
        self.onDelivery = onDelivery
    }

    func take(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        // A client that waits for its answers never has two commands under way, nor one behind a mail.
        if isMail { return takeMail(bytes) }
        line += bytes
        guard line.last == UInt8(ascii: "\n") else { return [] }
        let command = String(decoding: line.prefix(4), as: UTF8.self).uppercased()
        line = []
        switch command {
        case "EHLO": return Array("250-bench\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 33554432\r\n".utf8)
        case "DATA":
            isMail = true
            // The first line of a mail may be its end.
            tail = Array("\r\n".utf8)
            return Array("354 go on\r\n".utf8)
        case "QUIT": return Array("221 bye\r\n".utf8)
        default: return Array("250 ok\r\n".utf8)
        }
    }

    private func takeMail(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        tail = Array((tail + bytes.suffix(Self.endOfMail.count)).suffix(Self.endOfMail.count))
        guard tail == Self.endOfMail else { return [] }
        isMail = false
        onDelivery()
        return Array("250 taken\r\n".utf8)
    }
}
