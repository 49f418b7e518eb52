import Contracts
import Foundation
import Messaging
import TestSupport
import Testing

@testable import Notifications

@Suite("What endpoints are told of")
struct WebhookEventTests {
    private func webhookJobs(_ effects: [Effects]) -> [NewJob] {
        effects.jobs.filter { $0.kind == DeliverWebhookJob.kind }
    }

    @Test("An order is told to every endpoint that listens, once for itself and once for each ticket")
    func order() async throws {
        try await NotificationsScene.with { scene in
            let all = try await scene.endpoint()
            let orders = try await scene.endpoint(types: [.orderCompleted])
            try await scene.endpoint(types: [.checkoutExpired])
            _ = try await scene.endpoint(as: OrganizationID(UUID()))
            let order = scene.order(tickets: 2)
            let effects = try await scene.complete(order)
            #expect(webhookJobs(effects).count == 4)
            #expect(webhookJobs(effects).allSatisfy { $0.dueAt == nil && $0.organizationID == scene.organizationID })
            #expect(
                try await scene.deliveries(all.id).map(\.eventType.rawValue).sorted()
                    == ["order.completed", "ticket.issued", "ticket.issued"])
            let delivery = try await scene.delivery(orders.id)
            #expect(delivery.status == .pending)
            #expect(delivery.payload["type"] == .string("order.completed"))
            #expect(delivery.payload["data"]?["order_id"] == .string(order.orderID.description))
            #expect(delivery.payload["data"]?["total_cents"] == .integer(5000))
            // Told again, in another message.
            #expect(try await scene.complete(order).jobs.isEmpty)
            #expect(try await scene.count("webhook_events") == 3)
        }
    }

    @Test("Without an endpoint that listens nothing is stored")
    func nobody() async throws {
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint()
            _ = try await scene.change(endpoint.id, WebhookEndpointChanges(status: .disabled))
            #expect(webhookJobs(try await scene.complete(scene.order())).isEmpty)
            #expect(try await scene.count("webhook_events") == 0)
        }
    }

    @Test("A first admission is told once, also when it is heard of twice; other scans never")
    func checkIn() async throws {
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint(types: [.ticketCheckedIn])
            var first = ScanRecorded.example
            first.result = .admitted
            first.isFirstAdmission = true
            var second = first
            second.scanID = ScanID(UUID())
            second.isFirstAdmission = false
            let hear: ([ScanRecorded]) async throws -> [Int] = { scans in
                try await scene.hear(scans, by: ScanRecordedHandler()).map(\.jobs.count)
            }
            #expect(try await hear([second, first, first]) == [0, 1, 0])
            #expect(try await hear([first]) == [0])
            let payload = try await scene.delivery(endpoint.id).payload
            #expect(payload["timestamp"] == .string(first.scannedAt.description))
            #expect(payload["data"]?["ticket_id"] == .string(try #require(first.ticketID).description))
        }
    }

    @Test("An expired checkout is told once; its other changes, which may come late, never")
    func expiry() async throws {
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint(types: [.checkoutExpired])
            var expired = CheckoutEnded.example
            expired.checkout.state = .expired
            var holding = expired
            holding.checkout.state = .holding
            let effects = try await scene.hear([expired, holding, expired], by: CheckoutEndedHandler())
            #expect(effects.map(\.jobs.count) == [1, 0, 0])
            #expect(try await scene.delivery(endpoint.id).eventType == .checkoutExpired)
        }
    }

    @Test("A message without an organisation is refused")
    func noOrganization() async throws {
        try await NotificationsScene.with { scene in
            await #expect(throws: MessagingError.self) {
                try await scene.database.deliver(
                    [ScanRecorded.example], to: ScanRecordedHandler(), organizationID: nil, at: NotificationsScene.now)
            }
        }
    }
}
