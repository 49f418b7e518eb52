/// A file sent along with a mail.
public struct MailAttachment: Sendable, Equatable {
    /// The name offered when the file is saved, in any script.
    public var filename: String

    /// A media type such as `application/pdf`.
    public var contentType: String

    /// The content; sent as base64.
    public var bytes: [UInt8]

    /// Makes no checks: ``MailSender/send(_:)`` does, naming the field.
    public init(filename: String, contentType: String, bytes: [UInt8]) {
        self.filename = filename
        self.contentType = contentType
        self.bytes = bytes
    }
}
