import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Analytics

@Suite("The audit log and the activity stream")
struct AuditLogTests {
    private func action(_ name: String, at seconds: Int) -> ActionRecorded {
        var generator = SystemRandomNumberGenerator()
        var action = ActionRecorded.example
        action.actionID = UUID.version7(at: .example + .seconds(seconds), using: &generator).uuidString
        action.action = name
        return action
    }

    private func page(
        _ scene: ReportScene, limit: Int = 50, cursor: String? = nil, as reader: OrganizationID? = nil
    ) async throws -> Page<AuditEntry> {
        let answers = try await scene.database.ask(
            [ListAuditEntries(page: PageRequest(limit: limit, cursor: cursor))], of: ListAuditEntriesHandler(),
            organizationID: reader ?? scene.organizationID, at: ReportScene.now)
        return try #require(answers.first).reply.get()
    }

    @Test("Actions are listed newest first, page by page, each once")
    func pages() async throws {
        try await ReportScene.with { scene in
            let actions = (0..<5).map { action("event.create.\($0)", at: $0) }
            for action in actions.shuffled() { try await scene.tell(ActionRecordedHandler(), action) }
            let first = try await page(scene, limit: 2)
            let second = try await page(scene, limit: 2, cursor: first.nextCursor)
            let third = try await page(scene, limit: 2, cursor: second.nextCursor)
            let listed = (first.data + second.data + third.data).map(\.action)
            #expect(listed == actions.reversed().map(\.action))
            #expect(third.nextCursor == nil)
        }
    }

    @Test("An action that comes twice, also in one batch, is one line, as it was first")
    func duplicates() async throws {
        try await ReportScene.with { scene in
            let action = action("event.create", at: 0)
            var changed = action
            changed.action = "event.delete"
            try await scene.tell(ActionRecordedHandler(), action, action)
            try await scene.tell(ActionRecordedHandler(), changed)
            #expect(try await page(scene).data.map(\.action) == ["event.create"])
        }
    }

    @Test("An organisation sees its own lines only, and nobody sees the platform's")
    func tenants() async throws {
        try await ReportScene.with { scene in
            try await scene.tell(ActionRecordedHandler(), action("event.create", at: 0))
            try await scene.database.deliver(
                [action("organization.create", at: 1)], to: ActionRecordedHandler(), organizationID: nil,
                at: ReportScene.now)
            #expect(try await page(scene).data.map(\.action) == ["event.create"])
            #expect(try await page(scene, as: OrganizationID(UUID())).data.isEmpty)
        }
    }

    @Test("A cursor that is none is refused by name, and an id that is none is an error")
    func malformed() async throws {
        try await ReportScene.with { scene in
            let problem = await #expect(throws: Problem.self) { try await page(scene, cursor: "yesterday") }
            #expect(problem?.errors?.map(\.field) == ["cursor"])
            var action = action("event.create", at: 0)
            action.actionID = "first"
            await #expect(throws: ActionRecordedHandler.MalformedActionID(id: "first")) {
                try await scene.tell(ActionRecordedHandler(), action)
            }
        }
    }

    @Test("No line is ever changed or removed: not by the service, not by the tables' owner")
    func appendOnly() async throws {
        try await ReportScene.with { scene in
            try await scene.tell(ActionRecordedHandler(), action("event.create", at: 0))
            for statement in ["UPDATE audit_log SET action = ''", "DELETE FROM audit_log", "TRUNCATE audit_log"] {
                for (scope, sqlState) in [(scene.database.serviceScope, "42501"), (.service, "23001")] {
                    let error = await #expect(throws: PostgresError.self) {
                        try await scene.database.client.withTransaction(scope: scope) {
                            try $0.execute("\(unescaped: statement)")
                        }
                    }
                    #expect(error?.sqlState == sqlState, "\(statement)")
                }
            }
            #expect(try await page(scene).data.count == 1)
        }
    }

    @Test("A checkout's start and success are noted once each, and the start of one that came to nothing too")
    func activities() async throws {
        try await ReportScene.with { scene in
            var order = OrderCompleted.example
            order.organizationID = scene.organizationID
            order.occurrenceID = scene.occurrenceID
            var random = SystemRandomNumberGenerator()
            let begun = Timestamp(millisecondsSince1970: 1_700_000_000_123)
            order.checkoutID = CheckoutID(UUID.version7(at: begun, using: &random))
            try await scene.tell(OrderCompletedHandler(), order, order)
            var ended = CheckoutEnded.example
            ended.checkout.occurrenceID = scene.occurrenceID
            ended.checkout.id = CheckoutID(UUID())
            for state in [CheckoutState.expired, .refunded] {
                ended.checkout.state = state
                try await scene.tell(CheckoutEndedHandler(), ended, ended)
            }
            let activities = try await scene.database.client.query(
                "SELECT subject_id, name, occurred_at FROM analytics_events ORDER BY occurred_at, name"
            ).decode((UUID, String, Timestamp).self)
            let of = Dictionary(grouping: activities, by: \.0).mapValues { $0.map(\.1).sorted() }
            #expect(of[order.checkoutID.rawValue] == ["checkout_success", "start_checkout"])
            #expect(of[ended.checkout.id.rawValue] == ["start_checkout"])
            let start = activities.first { $0.0 == order.checkoutID.rawValue && $0.1 == "start_checkout" }
            #expect(start?.2 == begun)
        }
    }
}
