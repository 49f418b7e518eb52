import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Notifications

@Suite("Tickets on their way to their buyer")
struct TicketMailDeliveryTests {
    private func relay() async throws -> LocalServer {
        try await LocalServer(script: PackageResources.mail_relay_py)
    }

    private func read(_ relay: LocalServer) async throws -> ReceivedMail {
        try JSONDecoder().decode(ReceivedMail.self, from: Data(try await relay.nextLine().utf8))
    }

    @Test("A completed order is mailed with one scannable page per ticket")
    func mailed() async throws {
        let relay = try await relay()
        try await NotificationsScene.with { scene in
            let order = scene.order(tickets: 2)
            let job = try scene.mailJob(relayPort: relay.port)
            let jobs = try await scene.complete(order).jobs
            #expect(jobs.map(\.kind) == ["mail-tickets"])
            #expect(try await scene.perform(jobs, with: job).jobs.isEmpty)

            let mail = try await read(relay)
            #expect(mail.sender == "tickets@voelgoed.example")
            #expect(mail.recipients == ["ada@example.org"])
            #expect(mail.messageID == "<order-\(order.orderID)@voelgoed.example>")
            #expect(mail.subject == "Your 2 tickets for Night of the Proms")
            #expect(mail.text.contains("Guest 2"))
            #expect(mail.html.contains("Guest 2"))
            #expect(mail.filenames == ["tickets-\(order.orderID.description.suffix(12).uppercased()).pdf"])
            #expect(try await Program.codes(inPDF: try #require(mail.attachments.first)) == order.tickets.map(\.code))

            #expect(try await scene.texts("SELECT status FROM notifications") == ["sent"])
            #expect(try await scene.texts("SELECT outcome FROM delivery_attempts") == ["sent"])
            // The job that comes again after its mail was recorded sends nothing.
            #expect(try await scene.perform(jobs, with: job).jobs.isEmpty)
            #expect(try await scene.count("delivery_attempts") == 1)
        }
        #expect(await relay.remainingLines().isEmpty)
    }

    @Test("An order that is told twice is mailed once, within a batch and later")
    func duplicate() async throws {
        try await NotificationsScene.with { scene in
            let order = scene.order()
            let other = scene.order()
            let effects = try await scene.complete(order, other, order)
            #expect(effects.map(\.jobs.count) == [1, 1, 0])
            #expect(try await scene.complete(order).jobs.isEmpty)
            #expect(try await scene.count("ticket_deliveries") == 2)
            #expect(try await scene.count("notifications") == 2)
            #expect(try await scene.count("ticket_delivery_items") == 4)
        }
    }

    @Test("An order that two processes hear of at once is mailed once")
    func concurrentDuplicate() async throws {
        try await NotificationsScene.with { scene in
            let order = scene.order()
            let jobs = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await scene.complete(order).jobs.count }
                }
                return try await group.reduce(0, +)
            }
            #expect(jobs == 1)
            #expect(try await scene.count("notifications") == 1)
        }
    }

    @Test("A relay that refuses for good ends the delivery, with its reason")
    func permanentFailure() async throws {
        let relay = try await relay()
        try await NotificationsScene.with { scene in
            let jobs = try await scene.complete(scene.order(email: "550@fails.example")).jobs
            let effects = try await scene.perform(jobs, with: try scene.mailJob(relayPort: relay.port))
            #expect(effects.jobs.isEmpty)
            #expect(try await scene.texts("SELECT status FROM notifications") == ["failed"])
            let errors = try await scene.texts("SELECT error FROM delivery_attempts")
            #expect(errors.count == 1)
            #expect(errors.first?.contains("550") == true)
        }
    }

    @Test("A relay that refuses for now, or is away, is asked again; each try is kept")
    func temporaryFailure() async throws {
        let relay = try await relay()
        try await NotificationsScene.with { scene in
            let jobs = try await scene.complete(scene.order(email: "450@fails.example")).jobs
            let job = try scene.mailJob(relayPort: relay.port)
            let second = try await scene.perform(jobs, with: job).jobs
            #expect(second.map(\.dueAt) == [NotificationsScene.now + .seconds(5)])
            #expect(try await scene.texts("SELECT status FROM notifications") == ["pending"])
            // Nothing listens on port 1.
            let third = try await scene.perform(second, with: try scene.mailJob(relayPort: 1)).jobs
            #expect(third.map(\.dueAt) == [NotificationsScene.now + .seconds(15)])
            _ = try await scene.database.client.query("UPDATE notifications SET recipient = 'ada@example.org'")
            #expect(try await scene.perform(third, with: job).jobs.isEmpty)
            #expect(try await read(relay).recipients == ["ada@example.org"])
            #expect(
                try await scene.texts("SELECT outcome FROM delivery_attempts ORDER BY number")
                    == ["postponed", "postponed", "sent"])
            #expect(try await scene.texts("SELECT status FROM notifications") == ["sent"])
        }
    }

    @Test("After three days a mail is given up")
    func givenUp() async throws {
        try await NotificationsScene.with { scene in
            let order = scene.order()
            try await scene.complete(order)
            let job = try scene.mailJob(relayPort: 1)
            let attempt = MailAttempt(
                attemptedAt: NotificationsScene.now, durationMilliseconds: 1, result: .postponed("away"))
            let performed = Performed(
                job: Job(
                    id: UUID(), payload: MailTicketsJob.Payload(orderID: order.orderID), attempt: 1,
                    organizationID: scene.organizationID, correlationID: nil, startedAt: NotificationsScene.now),
                outcome: MailTicketsJob.Outcome.tried(attempt))
            for _ in 1...8 { #expect(try await scene.record([performed], with: job).jobs.count == 1) }
            let late = NotificationsScene.now + .seconds(3 * 86_400)
            #expect(try await scene.record([performed], with: job, at: late).jobs.isEmpty)
            #expect(try await scene.texts("SELECT status FROM notifications") == ["failed"])
            #expect(
                try await scene.texts("SELECT error FROM delivery_attempts WHERE number = 9") == ["given up: away"])
        }
    }

    @Test("An organisation's own template is used; the table takes none that could leave text unescaped")
    func ownTemplate() async throws {
        let relay = try await relay()
        try await NotificationsScene.with { scene in
            let insert: (String) -> PostgresQuery = { html in
                """
                INSERT INTO templates (organization_id, kind, subject, text_body, html_body, updated_at)
                VALUES (\(scene.organizationID), 'tickets', 'Hi {{givenName}}', '{{eventName}}', \(html), now())
                """
            }
            for html in ["{{{eventName}}}", "{{& eventName}}", "{{%CONTENT_TYPE:TEXT}}", "{{=<% %>=}}", "{{> other}}"] {
                await #expect(throws: PostgresError.self) { try await scene.database.client.query(insert(html)) }
            }
            _ = try await scene.database.client.query(insert("<h1>{{eventName}}</h1>"))
            var order = scene.order()
            order.eventName = "Rock & Roll"
            try await scene.perform(
                try await scene.complete(order).jobs, with: try scene.mailJob(relayPort: relay.port))
            let mail = try await read(relay)
            #expect(mail.subject == "Hi Ada")
            #expect(mail.text.contains("Rock & Roll"))
            #expect(mail.html.contains("<h1>Rock &amp; Roll</h1>"))
        }
    }
}
