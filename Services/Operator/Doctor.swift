import AMQP
import ArgumentParser
import Contracts
import Curl
import Foundation
import Messaging
import Postgres

/// `voelgoed doctor`: is everything reachable, which versions, and what is waiting.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at the broker, the databases and the services; exit 1 when something is wrong.")

    func run() async throws {
        let environment = OperatorEnvironment()
        var isHealthy = true
        for database in OperatorEnvironment.Database.allCases {
            isHealthy = await examine("database \(database.rawValue)") {
                try await environment.withDatabase(database) { client in
                    let version = try await client.query("SHOW server_version").decodeOne(String.self)
                    guard database != .sandboxProvider else { return version }
                    let (outbox, jobs) = try await client.query(
                        "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM jobs)"
                    ).decodeOne((Int, Int).self)
                    return "\(version), outbox \(outbox), jobs \(jobs)"
                }
            } && isHealthy
        }
        isHealthy = await examine("broker") { try await Self.broker(environment) } && isHealthy
        isHealthy = await examine("gateway") {
            let client = GatewayClient(baseURL: try environment.value("VOELGOED_GATEWAY_URL"), key: "")
            let answer = try await client.send("GET", "/health/ready")
            guard answer.status == 200 else { throw OperatorError("not ready: \(answer.status)") }
            return "ready"
        } && isHealthy
        if let path = try? environment.value("VOELGOED_PLAN") {
            isHealthy = await examine("supervisor") { try Self.processes(plan: path) } && isHealthy
        }
        guard isHealthy else { throw ExitCode(1) }
    }

    private func examine(_ name: String, _ look: () async throws -> String) async -> Bool {
        do {
            print("ok    \(name): \(try await look())")
            return true
        } catch {
            print("FAIL  \(name): \(error)")
            return false
        }
    }

    /// Reads the lag off the queues: what waits, and whether anybody consumes it.
    private static func broker(_ environment: OperatorEnvironment) async throws -> String {
        try await environment.withBroker { broker in
            var waiting: [String] = []
            var deadLetters = 0
            var unattended: [String] = []
            for queue in DeadLetters.queues(partitions: 10) {
                guard let status = try await broker.status(ofQueue: queue) else { continue }
                if status.messageCount > 0 { waiting.append("\(queue) \(status.messageCount)") }
                if status.consumerCount == 0 { unattended.append(queue) }
                let letters = try await broker.status(ofQueue: MessagingTopology.deadLetterQueueName(queue))
                deadLetters += letters?.messageCount ?? 0
            }
            guard unattended.isEmpty else {
                throw OperatorError("nobody consumes \(unattended.joined(separator: ", "))")
            }
            return (waiting.isEmpty ? "nothing waits" : "waiting: " + waiting.joined(separator: ", "))
                + ", \(deadLetters) dead letters"
        }
    }

    private static func processes(plan path: String) throws -> String {
        let plan = try SupervisionPlan.read(path)
        let state = try JSONDecoder().decode(
            SupervisionState.self, from: Data(contentsOf: URL(filePath: plan.stateFile)))
        let running = Set(state.processes.map(\.name))
        let missing = plan.processes.map(\.name).filter { !running.contains($0) }
        guard missing.isEmpty else { throw OperatorError("not running: \(missing.joined(separator: ", "))") }
        let restarts = state.processes.map(\.restarts).reduce(0, +)
        return "\(state.processes.count) processes, \(restarts) restarts"
    }
}
