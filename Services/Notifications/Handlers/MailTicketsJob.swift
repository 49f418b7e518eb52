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
        case tried(MailAttempt)
    }

    static let kind = "mail-tickets"

    let database: PostgresClient
    let printers: [TicketPrinter]
    let composer: MailComposer
    let sender: MailSender
    /// How many mails are on their way at once.
    let concurrency: Int

    /// Well above the sender's own limit of 30 seconds.
    var lease: Duration { .seconds(120) }

    func perform(_ job: Job<Payload>) async throws -> Outcome {
        let orderID = job.payload.orderID
        let delivery = try await database.withTransaction(readOnly: true) { transaction in
            try TicketDeliveryStore(transaction: transaction).findPending(orderID)
        }
        guard let delivery else { return .ended }
        let start = ContinuousClock.now
        let result = try await send(delivery, at: job.startedAt)
        let duration = Int((ContinuousClock.now - start).milliseconds)
        return .tried(MailAttempt(attemptedAt: job.startedAt, durationMilliseconds: duration, result: result))
    }

    /// - Throws: what is wrong with this machine rather than with the mail or the relay: the job comes again.
    private func send(_ delivery: StoredTicketDelivery, at time: Timestamp) async throws -> MailAttempt.Result {
        do {
            let pdf = try await printer(for: delivery.document.orderID).pdf(of: delivery.document)
            try await sender.send(
                composer.tickets(
                    delivery.document, to: delivery.recipient, template: delivery.template, pdf: pdf, at: time))
            return .sent
        } catch let error as MailSendError {
            return error.isPermanent ? .failed(error.description) : .postponed(error.description)
        } catch let error as TicketDocumentError where error == .noTickets || error == .codeNotEncodable {
            return .failed(error.description)
        }
    }

    private func printer(for orderID: OrderID) -> TicketPrinter {
        printers[Int(orderID.rawValue.uuid.15) % printers.count]
    }

    func record(
        _ performed: [Performed<Payload, Outcome>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let store = TicketDeliveryStore(transaction: transaction)
        var pending = try store.lockPending(performed.map(\.job.payload.orderID))
        var steps: [TicketDeliveryStore.Step] = []
        let effects = performed.map { item -> Effects in
            // A delivery has one job at a time; another result for the same one comes too late.
            guard case .tried(var attempt) = item.outcome,
                let delivery = pending.removeValue(forKey: item.job.payload.orderID)
            else { return .none }
            let number = delivery.attemptCount + 1
            var effects = Effects.none
            if case .postponed(let reason) = attempt.result {
                if let next = MailSchedule.next(afterFailures: number, since: delivery.completedAt, at: moment.now) {
                    effects.start(NewJob(Self.self, item.job.payload, dueAt: next))
                } else {
                    attempt = attempt.givenUp(because: reason)
                }
            }
            steps.append(
                TicketDeliveryStore.Step(
                    notificationID: delivery.notificationID, organizationID: delivery.organizationID, number: number,
                    attempt: attempt))
            return effects
        }
        try store.record(steps, at: moment.now)
        return effects
    }
}
