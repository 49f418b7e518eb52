import Contracts
import Foundation
import Metrics
import Postgres
import Synchronization

/// What operators see of a service's messages (labels: service, lane or kind).
public struct MessagingMetrics: Sendable {
    private let service: String
    private let jobTimers = JobTimers()

    public init(service: ServiceName) {
        self.service = service.rawValue
    }

    /// - Parameter took: handling time of the whole batch, commit included.
    func recordBatch(lane: String, batch: [IncomingMessage], took: Duration, now: Timestamp) {
        let labels = [("service", service), ("lane", lane)]
        Recorder(label: "voelgoed_batch_messages", dimensions: labels).record(batch.count)
        Metrics.Timer(label: "voelgoed_batch_handling_seconds", dimensions: labels)
            .recordNanoseconds(took.nanoseconds)
        if let oldest = batch.map(\.envelope.occurredAt).min() {
            Metrics.Timer(label: "voelgoed_message_lag_seconds", dimensions: labels)
                .recordNanoseconds(max(0, now.since(oldest).nanoseconds))
        }
    }

    func recordSettled(lane: String, handled: Int, retried: Int, deadLettered: Int) {
        for (outcome, count) in [("handled", handled), ("retried", retried), ("dead_lettered", deadLettered)]
        where count > 0 {
            Counter(
                label: "voelgoed_messages_total",
                dimensions: [("service", service), ("lane", lane), ("outcome", outcome)]
            ).increment(by: count)
        }
    }

    func recordPublished(confirmed: Int, unconfirmed: Int) {
        if confirmed > 0 {
            Counter(label: "voelgoed_published_total", dimensions: [("service", service), ("outcome", "confirmed")])
                .increment(by: confirmed)
        }
        if unconfirmed > 0 {
            Counter(label: "voelgoed_published_total", dimensions: [("service", service), ("outcome", "unconfirmed")])
                .increment(by: unconfirmed)
        }
    }

    func recordOutboxDepth(_ depth: Int) {
        Gauge(label: "voelgoed_outbox_messages", dimensions: [("service", service)]).record(depth)
    }

    func recordPool(_ pool: PostgresPoolStatistics) {
        for (state, count) in [
            ("in_use", pool.inUse), ("idle", pool.idle), ("connecting", pool.connecting), ("maximum", pool.maximum),
        ] {
            Gauge(label: "voelgoed_database_connections", dimensions: [("service", service), ("state", state)])
                .record(count)
        }
        Gauge(label: "voelgoed_database_waiting", dimensions: [("service", service)]).record(pool.waiting)
    }

    func recordRequest(name: String, outcome: String, took: Duration) {
        Metrics.Timer(
            label: "voelgoed_request_handling_seconds",
            dimensions: [("service", service), ("request", name), ("outcome", outcome)]
        ).recordNanoseconds(took.nanoseconds)
    }

    func recordJob(kind: String, outcome: String, took: Duration) {
        jobTimers.record(took.nanoseconds, service: service, kind: kind, outcome: outcome)
    }

    func recordSweep(name: String, outcome: String) {
        Counter(
            label: "voelgoed_sweeps_total", dimensions: [("service", service), ("sweep", name), ("outcome", outcome)]
        ).increment()
    }
}

/// The timers of jobs, kept: looking one up by its labels costs more than recording, and an order makes several jobs.
private final class JobTimers: Sendable {
    private let timers = Mutex<[String: [String: Metrics.Timer]]>([:])

    func record(_ nanoseconds: Int64, service: String, kind: String, outcome: String) {
        timers.withLock { timers in
            let timer =
                timers[kind]?[outcome]
                ?? Metrics.Timer(
                    label: "voelgoed_job_seconds",
                    dimensions: [("service", service), ("kind", kind), ("outcome", outcome)])
            timers[kind, default: [:]][outcome] = timer
            timer.recordNanoseconds(nanoseconds)
        }
    }
}

extension Duration {
    /// Whole nanoseconds, as metrics count them.
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
