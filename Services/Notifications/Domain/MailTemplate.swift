/// The wording of one kind of mail, in Mustache: what it may name is ``TicketMailContent``.
struct MailTemplate: Sendable, Equatable {
    /// On one line, unescaped.
    var subject: String
    /// For readers that show no HTML, unescaped.
    var text: String
    /// Variables are escaped.
    var html: String
}
