import Contracts
import Curl
import Foundation
import Messaging
import Postgres
import TicketDocuments

/// Mails an order's tickets to its buyer. A crash after sending makes it send again, under the same Message-ID.
struct MailTicketsJob: JobPerformer {
    struct Payload: Codable, Sendable, Equatable {
        let orderID: OrderID

        enum CodingKeys: String, CodingKey {
            case orderID = "order_id"
        }
    }

    enum Outcome: Sendable, Equatable {
        /// The delivery has ended before; nothing was sent.
        case ended
        /// All of its tickets are taken back by a refund that is on its way; nothing was sent.
        case waiting
        /// All of its tickets are refunded; nothing was sent.
        case withdrawn
        case tried(MailAttempt)
    }

    static let kind = "mail-tickets"
    /// How long to wait for the end of a refund.
    static let refundRest = Duration.seconds(60)

    let printer: TicketPrinter
    let composer: MailComposer
    let relay: any MailRelay
    /// How many mails are on their way at once.
    let concurrency: Int
    /// How long a mail may wait for others: once to be read with them, and once to be recorded.
    let gathering: Duration
    /// Where mails give way to more urgent work; nil where time is simulated.
    let pause: MailPause?

    private let deliveries: TicketDeliveryReader

    init(
        database: PostgresClient, printer: TicketPrinter, composer: MailComposer, relay: any MailRelay,
        concurrency: Int, gathering: Duration = .zero, pause: MailPause? = nil
    ) {
        self.printer = printer
        self.composer = composer
        self.relay = relay
        self.concurrency = concurrency
        self.gathering = gathering
        self.pause = pause
        deliveries = TicketDeliveryReader(database, gathering: gathering)
    }

    /// Of half a lease is left what a mail may give way, and well above twice the relay's own limit of 30 seconds: it may
    /// have to wait for the one before it.
    var lease: Duration { .seconds(180) }

    func perform(_ job: Job<Payload>) async throws -> Outcome {
        let startedAt = await start(of: job)
        guard var delivery = try await deliveries.findPending(job.payload.orderID) else { return .ended }
        let states = delivery.refundStates
        let invalid = Set(states.filter { !$0.value.isValid }.keys)
        guard let document = delivery.document.without(invalid) else {
            return states.values.contains(.takenBack) ? .waiting : .withdrawn
        }
        delivery.document = document
        let start = ContinuousClock.now
        let result = try await send(delivery, at: startedAt)
        let duration = Int((ContinuousClock.now - start).milliseconds)
        return .tried(MailAttempt(attemptedAt: startedAt, durationMilliseconds: duration, result: result))
    }

    /// Gives way, and says when the mail begins.
    private func start(of job: Job<Payload>) async -> Timestamp {
        guard let pause, let orderedAt = job.payload.orderID.rawValue.version7Time else { return job.startedAt }
        return job.startedAt + (await pause.wait(since: orderedAt, at: job.startedAt))
    }

    /// - Throws: what is wrong with this machine rather than with the mail or the relay: the job comes again.
    private func send(_ delivery: StoredTicketDelivery, at time: Timestamp) async throws -> MailAttempt.Result {
        do {
            let pdf = try await printer.pdf(of: delivery.document)
            try await relay.send(
                composer.tickets(
                    delivery.document, to: delivery.recipient, template: delivery.template, pdf: pdf, at: time))
            return .sent
        } catch let error as MailSendError {
            return error.isPermanent ? .failed(error.description) : .postponed(error.description)
        } catch let error as TicketDocumentError where error == .noTickets || error == .codeNotEncodable {
            return .failed(error.description)
        }
    }

    func record(
        _ performed: [Performed<Payload, Outcome>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let store = NotificationStore(transaction: transaction)
        let deliveries = TicketDeliveryStore(transaction: transaction)
        let sent = Self.sent(performed)
        try deliveries.end(sent, at: moment.now)
        let sentIDs = Set(sent.map(\.orderID))
        var pending = try deliveries.lockPending(
            performed.map(\.job.payload.orderID).filter { !sentIDs.contains($0) })
        var recording = MailRecording()
        var withdrawn: [UUID] = []
        let effects = performed.map { item -> Effects in
            // A delivery has one job at a time; another result for the same one comes too late.
            guard let delivery = pending.removeValue(forKey: item.job.payload.orderID) else { return .none }
            let next: Timestamp?
            switch item.outcome {
            case .ended: return .none
            case .tried(let attempt): next = recording.take(attempt, at: delivery, now: moment.now)
            case .waiting where moment.now < delivery.since + MailSchedule.lifetime: next = moment.now + Self.refundRest
            case .waiting, .withdrawn:
                withdrawn.append(delivery.notificationID)
                next = nil
            }
            return next.map { Effects(jobs: [NewJob(Self.self, item.job.payload, dueAt: $0)]) } ?? .none
        }
        try store.record(recording.steps, at: moment.now)
        try store.withdraw(withdrawn, at: moment.now)
        return effects
    }

    /// What the relay took, each delivery once.
    private static func sent(_ performed: [Performed<Payload, Outcome>]) -> [TicketDeliveryStore.Sent] {
        var seen: Set<OrderID> = []
        return performed.compactMap { item in
            guard case .tried(let attempt) = item.outcome, attempt.result == .sent,
                seen.insert(item.job.payload.orderID).inserted
            else { return nil }
            return TicketDeliveryStore.Sent(orderID: item.job.payload.orderID, attempt: attempt)
        }
    }
}
