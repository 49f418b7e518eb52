import Contracts
import Curl
import Foundation
import Logging
import Messaging
import Postgres
import TestSupport

@testable import Notifications

/// Notifications on a database of its own, for one organisation.
struct NotificationsScene: Sendable {
    static let now = Timestamp.example

    let database: ServiceDatabase
    let organizationID = OrganizationID(UUID())

    static func with(_ body: @Sendable (NotificationsScene) async throws -> Void) async throws {
        try await ServiceDatabase.with(.notifications, migrations: notificationsMigrations) { database in
            try await body(NotificationsScene(database: database))
        }
    }

    static let sender = HTTPSender(
        policy: .publicInternetAndLoopback, userAgent: "Voelgoed-Webhooks/1.0 (+https://tickets.voelgoed.example)",
        maximumConcurrent: 16)

    static let urlCheck = WebhookURLCheck(
        rule: WebhookURLRule(allowsPlainHTTP: true), carrier: sender, ports: "80, 443 or one from 1024 on")

    // MARK: Orders

    func order(tickets: Int = 2, email: String = "ada@example.org") -> OrderCompleted {
        var order = OrderCompleted.example
        order.orderID = OrderID(UUID())
        order.checkoutID = CheckoutID(UUID())
        order.organizationID = organizationID
        order.buyer.email = email
        order.tickets = (1...tickets).map { number in
            var ticket = IssuedTicket.example
            ticket.id = TicketID(UUID())
            ticket.holderName = "Guest \(number)"
            ticket.code = "VG1-\(ticket.id.description.uppercased())"
            return ticket
        }
        return order
    }

    @discardableResult
    func complete(_ orders: OrderCompleted..., at now: Timestamp = now) async throws -> [Effects] {
        try await hear(orders, by: OrderCompletedHandler(), at: now)
    }

    /// Hands events to a handler and begins the deliveries they cause.
    /// - Returns: what each caused, with the jobs of its deliveries.
    @discardableResult
    func hear<Handler: MessageHandler>(
        _ bodies: [Handler.Body], by handler: Handler, lanes: EndpointLanes = wideLanes, at now: Timestamp = now
    ) async throws -> [Effects] {
        let effects = try await database.deliver(bodies, to: handler, organizationID: organizationID, at: now)
        return try await announcing(effects, lanes: lanes, at: now)
    }

    /// Room for whatever a test begins at once.
    static var wideLanes: EndpointLanes { EndpointLanes(width: 1000) }

    /// Replaces the jobs that begin deliveries by what they cause.
    func announcing(
        _ effects: [Effects], lanes: EndpointLanes = wideLanes, at now: Timestamp = now
    ) async throws -> [Effects] {
        var announced = effects
        for index in effects.indices {
            let begun = try await perform(effects[index].jobs, with: AnnounceWebhooksJob(lanes: lanes), at: now)
            announced[index].jobs.removeAll { $0.kind == AnnounceWebhooksJob.kind }
            for effects in begun { announced[index].append(effects) }
        }
        return announced
    }

    // MARK: Requests

    /// The only answer to one request.
    func ask<Handler: RequestHandler>(
        _ body: Handler.Body, of handler: Handler, as organization: OrganizationID? = nil, at now: Timestamp = now
    ) async throws -> Answer<Handler.Body.Reply> {
        let answers = try await database.ask(
            [body], of: handler, organizationID: organization ?? organizationID, at: now)
        guard let answer = answers.first else { throw Missing(what: "answer") }
        return answer
    }

    /// What kind of refusal a request gets; nil for an answer.
    func refusal<Handler: RequestHandler>(
        _ body: Handler.Body, of handler: Handler, as organization: OrganizationID? = nil, at now: Timestamp = now
    ) async throws -> Problem.Slug? {
        do {
            return try await ask(body, of: handler, as: organization, at: now).refusal
        } catch let problem as Problem {
            return problem.slug
        }
    }

    @discardableResult
    func endpoint(
        _ url: String = "https://example.org/hooks", types: [WebhookEventType] = WebhookEventType.allCases,
        id: WebhookEndpointID = WebhookEndpointID(UUID()), as organization: OrganizationID? = nil
    ) async throws -> WebhookEndpointDetails {
        try await ask(
            CreateWebhookEndpoint(endpointID: id, url: url, eventTypes: types),
            of: CreateWebhookEndpointHandler(urlCheck: Self.urlCheck), as: organization
        ).reply.get()
    }

    func change(
        _ endpointID: WebhookEndpointID, _ changes: WebhookEndpointChanges, at now: Timestamp = now
    ) async throws -> WebhookEndpointDetails {
        try await ask(
            UpdateWebhookEndpoint(endpointID: endpointID, changes: changes),
            of: UpdateWebhookEndpointHandler(urlCheck: Self.urlCheck), at: now
        ).reply.get()
    }

    func shown(_ endpointID: WebhookEndpointID) async throws -> WebhookEndpointDetails {
        try await ask(GetWebhookEndpoint(endpointID: endpointID), of: GetWebhookEndpointHandler()).reply.get()
    }

    func deliveries(_ endpointID: WebhookEndpointID) async throws -> [WebhookDeliveryDetails] {
        try await ask(
            ListWebhookDeliveries(endpointID: endpointID, page: PageRequest()), of: ListWebhookDeliveriesHandler()
        ).reply.get().data
    }

    func delivery(_ endpointID: WebhookEndpointID) async throws -> WebhookDeliveryDetails {
        guard let delivery = try await deliveries(endpointID).first else { throw Missing(what: "delivery") }
        return delivery
    }

    func retry(_ delivery: WebhookDeliveryDetails) async throws -> Answer<WebhookDeliveryDetails> {
        try await ask(
            RetryWebhookDelivery(endpointID: delivery.endpointID, deliveryID: delivery.id),
            of: RetryWebhookDeliveryHandler())
    }

    // MARK: Jobs

    func webhookJob(
        policy: AddressPolicy? = nil, lanes: EndpointLanes = EndpointLanes(width: 16), timeout: Duration = .seconds(15)
    ) -> DeliverWebhookJob {
        let sender = policy.map { HTTPSender(policy: $0, userAgent: "test", maximumConcurrent: 1) } ?? Self.sender
        return DeliverWebhookJob(
            database: database.client, carrier: sender, lanes: lanes, schedule: .standard, timeout: timeout,
            concurrency: 16)
    }

    func mailJob(relayPort: Int) throws -> MailTicketsJob {
        MailTicketsJob(
            database: database.client, printer: TicketPrinter(), composer: try Self.composer(),
            relay: try Self.mailSender(relayPort), concurrency: 2)
    }

    func letterJob(relayPort: Int) throws -> MailLetterJob {
        MailLetterJob(
            database: database.client, composer: try Self.composer(), relay: try Self.mailSender(relayPort),
            concurrency: 2)
    }

    private static func composer() throws -> MailComposer {
        try MailComposer(
            from: MailAddress(name: "Voelgoed Tickets", email: "tickets@voelgoed.example"),
            publicURL: "https://tickets.voelgoed.example", logger: Logger(label: "notifications-tests"))
    }

    private static func mailSender(_ port: Int) throws -> MailSender {
        try MailSender(
            configuration: SMTPConfiguration(
                url: "smtp://127.0.0.1:\(port)", requiresTLS: false, timeout: .seconds(20), maximumConcurrent: 2))
    }

    /// Performs jobs one after the other and records them together, as a process does.
    @discardableResult
    func perform<Performer: JobPerformer>(
        _ jobs: [NewJob], with performer: Performer, at now: Timestamp = now
    ) async throws -> [Effects] {
        var performed: [Performed<Performer.Payload, Performer.Outcome>] = []
        for case let payload as Performer.Payload in jobs.filter({ $0.kind == Performer.kind }).map(\.payload) {
            let job = Job(
                id: UUID(), payload: payload, attempt: 1, organizationID: organizationID, correlationID: nil,
                startedAt: now)
            performed.append(Performed(job: job, outcome: try await performer.perform(job)))
        }
        return try await record(performed, with: performer, at: now)
    }

    func record<Performer: JobPerformer>(
        _ performed: [Performed<Performer.Payload, Performer.Outcome>], with performer: Performer,
        at now: Timestamp = now
    ) async throws -> [Effects] {
        let moment = Moment(now: now) { UInt64.random(in: .min ... .max) }
        return try await database.client.withTransaction(scope: database.serviceScope) { transaction in
            try performer.record(performed, in: transaction, at: moment)
        }
    }

    // MARK: Rows

    func count(_ table: String) async throws -> Int {
        try await database.client.query("SELECT count(*) FROM \(unescaped: table)").decodeOne(Int.self)
    }

    func texts(_ sql: String) async throws -> [String] {
        try await database.client.query("\(unescaped: sql)").decode(String.self)
    }

    struct Missing: Error {
        let what: String
    }
}

extension [NewJob] {
    func ofKind(_ kind: String) -> [NewJob] { filter { $0.kind == kind } }
}

extension [Effects] {
    var jobs: [NewJob] { flatMap(\.jobs) }
}
