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

    private let ticketsWording: Wording
    private let letterWordings: [Letter.Kind: Wording]
    private let from: MailAddress
    private let publicURL: String
    private let logger: Logger

    /// - Parameters:
    ///   - from: who writes.
    ///   - publicURL: where the platform is found on the web.
    /// - Throws: ``NotificationsError/invalidTemplate(_:)``.
    init(from: MailAddress, publicURL: String, logger: Logger) throws {
        do {
            ticketsWording = try Wording(.tickets)
            letterWordings = try Dictionary(
                uniqueKeysWithValues: Letter.Kind.allCases.map { ($0, try Wording(.letter($0))) })
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
        let wording = wording(template, insteadOf: ticketsWording, for: "order \(document.orderID)")
        let content = TicketMailContent(document, publicURL: publicURL)
        return mail(
            wording, content, id: "order-\(document.orderID)",
            to: MailAddress(name: content.buyerName, email: recipient), at: time,
            attachments: [
                MailAttachment(filename: content.attachmentName, contentType: "application/pdf", bytes: pdf)
            ])
    }

    /// A letter. Its Message-ID comes from the notification, so that receivers know a repetition.
    /// - Parameter template: the organisation's own wording. One that cannot be parsed is not used.
    func letter(
        _ letter: Letter, id: UUID, to recipient: String, template: MailTemplate?, at time: Timestamp
    ) -> Mail {
        let name = id.uuidString.lowercased()
        // Every kind has a wording since init.
        let builtIn = letterWordings[letter.kind] ?? ticketsWording
        let content = LetterContent(letter, publicURL: publicURL)
        return mail(
            wording(template, insteadOf: builtIn, for: "notification \(name)"), content, id: "letter-\(name)",
            to: MailAddress(name: content.recipientName, email: recipient), at: time)
    }

    private func mail(
        _ wording: Wording, _ content: Any, id: String, to recipient: MailAddress, at time: Timestamp,
        attachments: [MailAttachment] = []
    ) -> Mail {
        let domain = from.email.split(separator: "@").last.map { String($0) } ?? "localhost"
        return Mail(
            messageID: "\(id)@\(domain)", date: time.date, from: from, to: [recipient],
            subject: String(wording.subject.render(content).singleLine.prefix(Self.maximumSubjectLength)),
            text: wording.text.render(content), html: wording.html.render(content), attachments: attachments,
            // RFC 3834: out-of-office programs do not answer these.
            headers: [("Auto-Submitted", "auto-generated")])
    }

    private func wording(_ template: MailTemplate?, insteadOf builtIn: Wording, for subject: String) -> Wording {
        guard let template else { return builtIn }
        do {
            return try Wording(template)
        } catch {
            logger.warning(
                "an organisation's template cannot be parsed; the built-in one is used",
                metadata: ["subject": "\(subject)", "error": "\(error)"])
            return builtIn
        }
    }
}
