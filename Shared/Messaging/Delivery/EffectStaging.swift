import Contracts
import Foundation
import Postgres

/// Turns what handlers caused into rows of their transaction.
struct EffectStaging: Sendable {
    let service: ServiceName

    /// What a committed transaction leaves to do at once, from memory.
    struct Staged: Sendable {
        var bundles: [OutboundBundle] = []
        /// Messages without a row, for whoever listens now.
        var transient: [WireMessage] = []
        /// Jobs that this process has claimed by writing them.
        var jobs: [ClaimedJob] = []

        var messages: [WireMessage] { bundles.flatMap(\.messages) }

        mutating func append(_ other: Staged) {
            bundles += other.bundles
            transient += other.transient
            jobs += other.jobs
        }
    }

    /// What the effects of one piece of work inherit from.
    struct Cause: Sendable {
        var messageID: UUID?
        var correlationID: UUID?
        var organizationID: OrganizationID?
        var traceparent: String?

        init(
            messageID: UUID? = nil, correlationID: UUID? = nil, organizationID: OrganizationID? = nil,
            traceparent: String? = nil
        ) {
            self.messageID = messageID
            self.correlationID = correlationID
            self.organizationID = organizationID
            self.traceparent = traceparent
        }

        init(_ envelope: Envelope) {
            self.init(
                messageID: envelope.id, correlationID: envelope.correlationID, organizationID: envelope.organizationID,
                traceparent: envelope.traceparent)
        }
    }

    /// Writes the outbox and job rows of several pieces of work.
    /// - Parameter performers: those of this service; a job that is due now is claimed for this process.
    func stage(
        _ work: [(cause: Cause, effects: Effects)], performers: [String: any RegisteredJobPerformer],
        in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Staged {
        var staged = Staged()
        var messages: [WireMessage] = []
        var jobRows: [JobRow] = []
        for (cause, effects) in work {
            for outgoing in effects.messages {
                let message = try wire(outgoing, causedBy: cause, at: moment)
                if outgoing.message is any TransientEvent {
                    staged.transient.append(message)
                } else {
                    messages.append(message)
                }
            }
            for job in effects.jobs {
                let row = try JobRow(
                    job, envelope: envelope(of: job, causedBy: cause, at: moment), performers: performers, at: moment)
                jobRows.append(row)
                if let claimed = row.claimed { staged.jobs.append(claimed) }
            }
        }
        staged.bundles = MessageBundle.bundled(messages)
        try Outbox.insert(staged.bundles, in: transaction, at: moment)
        try JobStore.insert(jobRows, in: transaction, at: moment)
        return staged
    }

    private func wire(_ outgoing: Outgoing, causedBy cause: Cause, at moment: Moment) throws -> WireMessage {
        let (exchange, routingKey) = MessageRouting.destination(of: outgoing.message)
        return WireMessage(
            exchange: exchange, routingKey: routingKey,
            envelope: Envelope(
                id: moment.makeUUID(), type: type(of: outgoing.message).name, occurredAt: moment.now,
                correlationID: outgoing.correlationID ?? cause.correlationID, causationID: cause.messageID,
                organizationID: outgoing.organizationID ?? cause.organizationID,
                traceparent: TraceContext.child(of: cause.traceparent, at: moment), appID: service.rawValue),
            body: try MessageCodec.encode(outgoing.message))
    }

    private func envelope(of job: NewJob, causedBy cause: Cause, at moment: Moment) -> Envelope {
        Envelope(
            id: moment.makeUUID(), type: job.kind, occurredAt: moment.now,
            correlationID: job.correlationID ?? cause.correlationID, causationID: cause.messageID,
            organizationID: job.organizationID ?? cause.organizationID, traceparent: cause.traceparent,
            appID: service.rawValue)
    }
}
