import Foundation

/// One mail: what RFC 5322 calls a message, before it is encoded.
public struct Mail: Sendable {
    /// `left@right` without angle brackets. Give a retry the same one, so that the receiver can tell a repetition.
    public var messageID: String

    /// The `Date` header.
    public var date: Date

    /// The author, and the envelope's return path.
    public var from: MailAddress

    /// At least one; each is also an envelope recipient.
    public var to: [MailAddress]

    /// In any script, on one line.
    public var subject: String

    /// The body for readers that show no HTML.
    public var text: String

    /// The body for those that do.
    public var html: String?

    /// Sent in order after the body.
    public var attachments: [MailAttachment]

    /// Further headers such as `Reply-To` or `List-Unsubscribe`. Those that the fields above make cannot be given.
    public var headers: [(name: String, value: String)]

    /// Makes no checks: ``MailSender/send(_:)`` does, naming the field.
    public init(
        messageID: String,
        date: Date,
        from: MailAddress,
        to: [MailAddress],
        subject: String,
        text: String,
        html: String? = nil,
        attachments: [MailAttachment] = [],
        headers: [(name: String, value: String)] = []
    ) {
        self.messageID = messageID
        self.date = date
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
        self.html = html
        self.attachments = attachments
        self.headers = headers
    }
}
