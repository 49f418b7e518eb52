import Foundation

/// Checks a mail's fields and writes its headers as RFC 5322 and RFC 2047 want them: ASCII, folded, unforgeable.
enum MailHeaders {
    private static let ownHeaders: Set<String> = [
        "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "content-transfer-encoding",
        "bcc", "cc", "sender", "return-path", "received",
    ]

    /// The header lines of the whole mail. Folded lines contain CRLF and a space; no given value can bring its own.
    static func lines(of mail: Mail) throws(MailSendError) -> [String] {
        guard !mail.to.isEmpty else { throw .invalidField("to", reason: "names no recipient") }
        var recipients: [String] = []
        for (index, address) in mail.to.enumerated() {
            recipients.append(try mailbox(address, field: "to[\(index)]"))
        }
        guard isMessageID(mail.messageID) else {
            throw .invalidField("messageID", reason: "is not of the form left@right")
        }
        var lines = [
            "From: " + (try mailbox(mail.from, field: "from")),
            "To: " + recipients.joined(separator: ",\r\n "),
            "Subject: " + (try unstructured(mail.subject, field: "subject")),
            "Date: " + date(mail.date),
            "Message-ID: <\(mail.messageID)>",
        ]
        for (name, value) in mail.headers {
            guard HTTPSyntax.isToken(name) else {
                throw .invalidField("headers", reason: "has a name that is not a token")
            }
            guard !ownHeaders.contains(name.lowercased()) else {
                throw .invalidField("headers[\(name)]", reason: "is written by the sender")
            }
            lines.append("\(name): " + (try unstructured(value, field: "headers[\(name)]")))
        }
        return lines
    }

    /// The part headers of an attachment that libcurl does not write well itself.
    static func lines(of attachment: MailAttachment, field: String) throws(MailSendError) -> [String] {
        try requireOneLine(attachment.filename, field: "\(field).filename")
        guard !attachment.filename.isEmpty else {
            throw .invalidField("\(field).filename", reason: "is empty")
        }
        return ["Content-Disposition: attachment;\r\n \(filenameParameter(attachment.filename))"]
    }

    /// A media type with optional parameters.
    static func requireMediaType(_ text: String, field: String) throws(MailSendError) {
        let type = text.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)[0]
        let halves = type.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, halves.allSatisfy({ HTTPSyntax.isToken(String($0)) }),
            text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f })
        else { throw .invalidField(field, reason: "is not a media type") }
    }

    /// The address alone, checked for the envelope.
    static func envelopeAddress(_ address: MailAddress, field: String) throws(MailSendError) -> String {
        let text = address.email
        let forbidden = Set("()<>[]:;,\\\"".utf8)
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !forbidden.contains($0) }
        let halves = text.split(separator: "@", omittingEmptySubsequences: false)
        guard isPlain, halves.count == 2, (1...64).contains(halves[0].utf8.count), !halves[1].isEmpty,
            text.utf8.count <= 254
        else { throw .invalidField("\(field).email", reason: "is not an ASCII mail address") }
        return text
    }

    private static func mailbox(_ address: MailAddress, field: String) throws(MailSendError) -> String {
        let email = try envelopeAddress(address, field: field)
        guard let name = address.name, !name.isEmpty else { return "<\(email)>" }
        try requireOneLine(name, field: "\(field).name")
        guard needsEncoding(name) else {
            let escaped = name.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
            return "\"\(escaped)\" <\(email)>"
        }
        return encodedWords(name) + "\r\n <\(email)>"
    }

    private static func unstructured(_ text: String, field: String) throws(MailSendError) -> String {
        try requireOneLine(text, field: field)
        return needsEncoding(text) ? encodedWords(text) : text
    }

    private static func requireOneLine(_ text: String, field: String) throws(MailSendError) {
        guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) }) else {
            throw .invalidField(field, reason: "contains a line break or another control character")
        }
    }

    /// Long ASCII text is encoded too: encoded words are the one way to fold it without changing its spaces.
    private static func needsEncoding(_ text: String) -> Bool {
        text.utf8.count > 60 || text.contains("=?") || text.hasPrefix(" ") || text.hasSuffix(" ")
            || !text.utf8.allSatisfy { $0 < 0x80 }
    }

    /// RFC 2047 section 2: base64 words of at most 75 characters, none of which splits a character.
    private static func encodedWords(_ text: String) -> String {
        var words: [String] = []
        var chunk: [UInt8] = []
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if chunk.count + bytes.count > 39 {
                words.append("=?UTF-8?B?\(Data(chunk).base64EncodedString())?=")
                chunk = []
            }
            chunk += bytes
        }
        words.append("=?UTF-8?B?\(Data(chunk).base64EncodedString())?=")
        return words.joined(separator: "\r\n ")
    }

    /// RFC 2231 for names that are not plain ASCII, with continuations so that no line gets long.
    private static func filenameParameter(_ name: String) -> String {
        let plain = Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._ ".utf8)
        if name.utf8.count <= 60, name.utf8.allSatisfy(plain.contains) { return "filename=\"\(name)\"" }
        let unreserved = plain.subtracting([0x20])
        var sections: [String] = []
        var section = ""
        for byte in name.utf8 {
            let hexadecimal = String(byte, radix: 16, uppercase: true)
            let isPlain = unreserved.contains(byte)
            section +=
                isPlain
                ? String(UnicodeScalar(byte)) : "%" + (hexadecimal.count == 1 ? "0" : "") + hexadecimal
            if section.utf8.count > 50 {
                sections.append(section)
                section = ""
            }
        }
        if !section.isEmpty { sections.append(section) }
        if sections.count == 1 { return "filename*=UTF-8''\(sections[0])" }
        return sections.enumerated().map { index, section in
            "filename*\(index)*=" + (index == 0 ? "UTF-8''" : "") + section
        }.joined(separator: ";\r\n ")
    }

    /// RFC 5322 section 3.6.4 in its simple form.
    private static func isMessageID(_ text: String) -> Bool {
        let halves = text.split(separator: "@", omittingEmptySubsequences: false)
        return halves.count == 2 && text.utf8.count <= 200
            && halves.allSatisfy { half in
                !half.isEmpty
                    && half.split(separator: ".", omittingEmptySubsequences: false)
                        .allSatisfy { HTTPSyntax.isToken(String($0)) }
            }
    }

    /// RFC 5322 section 3.3 in UTC. Written by hand because a formatter would follow the machine's locale.
    private static func date(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.weekday, .day, .month, .year, .hour, .minute, .second], from: date)
        let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let weekday = weekdays[((parts.weekday ?? 1) - 1) % 7]
        let month = months[((parts.month ?? 1) - 1) % 12]
        let twoDigits: (Int?) -> String = { ($0 ?? 0) < 10 ? "0\($0 ?? 0)" : "\($0 ?? 0)" }
        let time = [parts.hour, parts.minute, parts.second].map(twoDigits).joined(separator: ":")
        return "\(weekday), \(twoDigits(parts.day)) \(month) \(parts.year ?? 1970) \(time) +0000"
    }
}
