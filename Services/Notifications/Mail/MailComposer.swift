import Contracts
import Curl
import Foundation
import Logging
import Mustache

/// Writes the mails.
struct MailComposer: Sendable {
    /// A template that was parsed.
    private struct Wording: Sendable {
        let subject: MustacheTemplate
        let text: MustacheTemplate
        let html: MustacheTemplate

        init(_ template: MailTemplate) throws {
            // Escaping belongs to HTML alone.
            subject = try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + template.subject)
            text = try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}\n" + template.text)
            html = try MustacheTemplate(string: template.html)
        }
    }

    private static let maximumSubjectLength = 200

    private let builtIn: Wording
    private let from: MailAddress
    private let publicURL: String
    private let logger: Logger

    /// - Parameters:
    ///   - from: who writes.
    ///   - publicURL: where the platform is found on the web.
    /// - Throws: ``NotificationsError/invalidTemplate(_:)``.
    init(from: MailAddress, publicURL: String, logger: Logger) throws {
        do {
            builtIn = try Wording(.tickets)
        } catch {
            throw NotificationsError.invalidTemplate(String(describing: error))
        }
        self.from = from
        self.publicURL = publicURL
        self.logger = logger
    }

    /// The mail with an order's tickets. Its Message-ID comes from the order, so that receivers know a repetition.
    /// - Parameters:
    ///   - template: the organisation's own wording. One that cannot be parsed is not used: the tickets must arrive.
    ///   - pdf: the tickets, attached.
    func tickets(
        _ document: TicketDocument, to recipient: String, template: MailTemplate?, pdf: [UInt8], at time: Timestamp
    ) -> Mail {
        let wording = wording(template, for: document)
        let content = TicketMailContent(document, publicURL: publicURL)
        let domain = from.email.split(separator: "@").last.map { String($0) } ?? "localhost"
        return Mail(
            messageID: "order-\(document.orderID)@\(domain)", date: time.date, from: from,
            to: [MailAddress(name: content.buyerName, email: recipient)],
            subject: String(wording.subject.render(content).singleLine.prefix(Self.maximumSubjectLength)),
            text: wording.text.render(content), html: wording.html.render(content),
            attachments: [
                MailAttachment(filename: content.attachmentName, contentType: "application/pdf", bytes: pdf)
            ],
            // RFC 3834: out-of-office programs do not answer these.
            headers: [("Auto-Submitted", "auto-generated")])
    }

    private func wording(_ template: MailTemplate?, for document: TicketDocument) -> Wording {
        guard let template else { return builtIn }
        do {
            return try Wording(template)
        } catch {
            logger.warning(
                "an organisation's template cannot be parsed; the built-in one is used",
                metadata: ["order_id": "\(document.orderID)", "error": "\(error)"])
            return builtIn
        }
    }
}
