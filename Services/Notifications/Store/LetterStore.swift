import Contracts
import Foundation
import Messaging
import Postgres

/// The letters among the `notifications`.
struct LetterStore {
    let transaction: PostgresTransaction

    /// A letter that is to be sent.
    struct Beginning {
        let notificationID: UUID
        let organizationID: OrganizationID
        /// What it is about: each is told of once.
        let objectID: UUID
        let recipient: String
        let letter: Letter
    }

    /// A letter as it waits to be sent.
    struct Stored: Sendable {
        let letter: Letter
        let recipient: String
        /// The organisation's own wording, if it has one.
        let template: MailTemplate?
    }

    /// Adds letters about what was not told of before.
    /// - Returns: the jobs that send those that were added, by their notifications.
    func add(_ beginnings: [Beginning], at now: Timestamp) throws -> [UUID: NewJob] {
        guard !beginnings.isEmpty else { return [:] }
        let rows = try transaction.query(
            """
            INSERT INTO notifications (id, organization_id, kind, channel, recipient, object_id, letter, created_at)
            SELECT id, organization_id, kind, 'email', recipient, object_id, letter, \(now)
            FROM unnest(
                \(beginnings.map(\.notificationID)), \(beginnings.map(\.organizationID)),
                \(beginnings.map(\.letter.kind.rawValue)), \(beginnings.map(\.recipient)),
                \(beginnings.map(\.objectID)), \(beginnings.map { PostgresJSON($0.letter) })
            ) AS beginning (id, organization_id, kind, recipient, object_id, letter)
            ORDER BY organization_id, kind, object_id
            ON CONFLICT (organization_id, kind, object_id) DO NOTHING
            RETURNING id, organization_id
            """)
        let added = try rows.decode((UUID, OrganizationID).self)
        return added.reduce(into: [UUID: NewJob]()) { jobs, row in
            let payload = MailLetterJob.Payload(notificationID: row.0)
            jobs[row.0] = NewJob(MailLetterJob.self, payload, organizationID: row.1)
        }
    }

    /// The letter, unless it has ended.
    func findPending(_ notificationID: UUID) throws -> Stored? {
        let row = try transaction.query(
            """
            SELECT notification.letter, notification.recipient, template.subject, template.text_body, template.html_body
            FROM notifications AS notification
            LEFT JOIN templates AS template
                ON template.organization_id = notification.organization_id AND template.kind = notification.kind
            WHERE notification.id = \(notificationID) AND notification.status = 'pending'
                AND notification.letter IS NOT NULL
            """
        ).decodeFirst((PostgresJSON<Letter>, String, String?, String?, String?).self)
        guard let (letter, recipient, subject, text, html) = row else { return nil }
        return Stored(
            letter: letter.value, recipient: recipient,
            template: MailTemplate(subject: subject, text: text, html: html))
    }
}

extension MailTemplate {
    /// A row of a join that may have found none.
    init?(subject: String?, text: String?, html: String?) {
        guard let subject, let text, let html else { return nil }
        self.init(subject: subject, text: text, html: html)
    }
}
