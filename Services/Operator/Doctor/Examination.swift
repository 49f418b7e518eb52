import AMQP
import Contracts
import Curl
import Foundation
import Postgres

/// Looks at every part of an installation at once, so that parts that are down do not add up their timeouts.
struct Examination: Sendable {
    let environment: OperatorEnvironment
    private let sender = HTTPSender(
        policy: .publicInternetAndLoopback, userAgent: "voelgoed-operator/1.0", maximumConcurrent: 8)

    init(environment: OperatorEnvironment) {
        self.environment = environment
    }

    /// Longer waits than this for the relay or a worker mean that something is wrong.
    private static let longestWait = Duration.seconds(300)

    /// In the order of the parts: databases, broker, supervisor, processes.
    func diagnoses() async -> [Diagnosis] {
        let examinations = databaseExaminations() + brokerExaminations() + processExaminations()
        return await withTaskGroup(of: (Int, Diagnosis).self) { group in
            for (index, examination) in examinations.enumerated() {
                group.addTask { (index, await Self.diagnose(examination)) }
            }
            var diagnoses: [Int: Diagnosis] = [:]
            for await (index, diagnosis) in group { diagnoses[index] = diagnosis }
            return diagnoses.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    /// How to find out about one part.
    private struct Look: Sendable {
        let part: String
        let look: @Sendable () async throws -> String

        init(_ part: String, _ look: @escaping @Sendable () async throws -> String) {
            self.part = part
            self.look = look
        }
    }

    private static func diagnose(_ examination: Look) async -> Diagnosis {
        do {
            return Diagnosis(part: examination.part, isHealthy: true, finding: try await examination.look())
        } catch {
            return Diagnosis(part: examination.part, isHealthy: false, finding: OperatorError.explain(error))
        }
    }

    // MARK: - Databases

    private func databaseExaminations() -> [Look] {
        OperatorEnvironment.Database.allCases.map { database in
            Look("database \(database.rawValue)") { try await examine(database) }
        }
    }

    private func examine(_ database: OperatorEnvironment.Database) async throws -> String {
        try await environment.withDatabase(database) { client in
            let configuration = client.configuration
            let place = "\(configuration.host):\(configuration.port)/\(configuration.database)"
            let version: String
            do {
                version = try await client.query("SHOW server_version").decodeOne(String.self)
            } catch {
                throw OperatorError("\(place): \(OperatorError.explain(error))")
            }
            guard OperatorEnvironment.Database.ofServices.contains(database) else {
                return "\(place), PostgreSQL \(version)"
            }
            let parts = [
                place, "PostgreSQL \(version)", try await Self.lag(of: client),
                database == .coordinator ? try await Self.openIncidents(IncidentRecords(client: client)) : nil,
            ]
            return parts.compactMap(\.self).joined(separator: ", ")
        }
    }

    /// What operators were called for and have not resolved.
    private static func openIncidents(_ incidents: IncidentRecords) async throws -> String {
        let kinds = try await incidents.openKinds()
        guard !kinds.isEmpty else { return "no open incidents" }
        return "open incidents: " + kinds.map { "\($0.kind) \($0.count)" }.joined(separator: ", ")
    }

    /// What waits in the runtime's tables, and since when.
    private static func lag(of client: PostgresClient) async throws -> String {
        let (messages, oldest, jobs, overdue, latest) = try await client.query(
            """
            SELECT messages.count, messages.age, work.count, work.overdue, work.late
            FROM (SELECT count(*), max(extract(epoch FROM now() - (envelope->>'occurredAt')::timestamptz))::float8
                         AS age FROM outbox) AS messages,
                 (SELECT count(*), count(*) FILTER (WHERE due_at < now()) AS overdue,
                         max(extract(epoch FROM now() - due_at))::float8 AS late
                  FROM jobs) AS work
            """
        ).decodeOne((Int, Double?, Int, Int, Double?).self)
        let age = Duration.seconds(max(oldest ?? 0, 0))
        let late = Duration.seconds(max(latest ?? 0, 0))
        let outbox = messages == 0 ? "outbox empty" : "outbox \(messages), oldest \(text(age))"
        let work = jobs == 0 ? "no jobs" : "jobs \(jobs)" + (overdue == 0 ? "" : ", \(overdue) due for \(text(late))")
        guard age < longestWait, late < longestWait else {
            throw OperatorError("\(outbox), \(work): nobody takes them")
        }
        return "\(outbox), \(work)"
    }

    private static func text(_ duration: Duration) -> String {
        duration.formatted(.units(allowed: [.days, .hours, .minutes, .seconds], width: .narrow))
    }

    // MARK: - Broker

    private func brokerExaminations() -> [Look] {
        [Look("broker") { try await examineBroker() }]
    }

    /// Reads the lag off the queues: what waits, and whether anybody takes it.
    private func examineBroker() async throws -> String {
        let lanes = try await environment.withBroker { broker in
            let queues = DeadLetterQueues(broker: broker)
            return (try await queues.lanes(), try await queues.counts().map(\.count).reduce(0, +))
        }
        guard !lanes.0.isEmpty else { throw OperatorError("no service has declared its queues yet") }
        let version = try await brokerVersion()
        let unattended = lanes.0.filter { $0.status.consumerCount == 0 }.map(\.queue)
        guard unattended.isEmpty else { throw OperatorError("nobody consumes \(unattended.joined(separator: ", "))") }
        let waiting = lanes.0.filter { $0.status.messageCount > 0 }.map { "\($0.queue) \($0.status.messageCount)" }
        return [
            version,
            waiting.isEmpty ? "nothing waits" : "waiting: " + waiting.joined(separator: ", "),
            lanes.1 == 1 ? "1 dead letter" : "\(lanes.1) dead letters",
        ].compactMap(\.self).joined(separator: ", ")
    }

    /// Nil where the management interface is not part of the installation.
    ///
    /// - Throws: when the nodes of a cluster have lost each other, which they do not mend by themselves.
    private func brokerVersion() async throws -> String? {
        guard let overview = try await management("/api/overview") else { return nil }
        let divided = BrokerNodes.divided(try await management("/api/nodes?columns=name,partitions") ?? .null)
        guard divided.isEmpty else {
            throw OperatorError("the cluster is divided as \(divided.joined(separator: ", ")) saw it: restart it")
        }
        guard case .string(let version)? = overview["rabbitmq_version"] else { return "RabbitMQ" }
        return "RabbitMQ \(version)"
    }

    private func management(_ path: String) async throws -> JSONValue? {
        guard let text = environment.optionalValue("VOELGOED_RABBITMQ_MANAGEMENT_URL"),
            var url = URLComponents(string: text)
        else { return nil }
        let credentials = Data("\(url.user ?? ""):\(url.password ?? "")".utf8).base64EncodedString()
        url.user = nil
        url.password = nil
        let answer = try await sender.send(
            HTTPRequest(
                method: "GET", url: (url.string ?? text) + path,
                headers: [("Authorization", "Basic \(credentials)")], timeout: .seconds(10),
                maximumResponseBytes: 1 << 20))
        guard answer.status == 200 else { throw OperatorError("the management interface answers \(answer.status)") }
        return try MessageCodec.decode(JSONValue.self, from: answer.body)
    }

    // MARK: - Processes

    private func processExaminations() -> [Look] {
        guard let path = environment.optionalValue("VOELGOED_PLAN") else {
            // Without a plan the gateway is the one process whose address is known.
            return [Look("gateway") { try await ready(environment.value("VOELGOED_GATEWAY_URL") + "/health/ready") }]
        }
        let plan: SupervisionPlan
        do {
            plan = try SupervisionPlan.read(path)
        } catch {
            let reason = "\(path) cannot be read: \(error)"
            return [Look("supervisor") { throw OperatorError(reason) }]
        }
        let processes: [Look] = plan.processes.compactMap { process in
            process.readyURL.map { url in Look("process \(process.name)") { try await ready(url) } }
        }
        return [Look("supervisor") { try Self.supervised(plan) }] + processes
    }

    private func ready(_ url: String) async throws -> String {
        let answer: HTTPResponse
        do {
            answer = try await sender.send(HTTPRequest(method: "GET", url: url, timeout: .seconds(10)))
        } catch {
            throw OperatorError("\(url): \(error)")
        }
        let text = String(decoding: answer.body, as: UTF8.self).split(separator: "\n").joined(separator: "; ")
        guard answer.status == 200 else { throw OperatorError("not ready: \(text)") }
        return "ready"
    }

    private static func supervised(_ plan: SupervisionPlan) throws -> String {
        // A missing file says the same as a dead process.
        guard let text = try? String(contentsOfFile: plan.pidFile, encoding: .utf8),
            let pid = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)), isAlive(pid)
        else { throw OperatorError("the supervisor does not run") }
        let state = try SupervisionState.read(plan.stateFile)
        let running = Set(state.processes.filter { isAlive($0.pid) }.map(\.name))
        let missing = plan.processes.map(\.name).filter { !running.contains($0) }
        guard missing.isEmpty else { throw OperatorError("not running: \(missing.joined(separator: ", "))") }
        let restarts = state.processes.filter { $0.restarts > 0 }.map { "\($0.name) \($0.restarts)" }
        return "\(state.processes.count) processes, "
            + (restarts.isEmpty ? "none restarted" : "restarts: " + restarts.joined(separator: ", "))
    }

    private static func isAlive(_ pid: Int32) -> Bool {
        kill(pid, 0) == 0 || errno == EPERM
    }
}
