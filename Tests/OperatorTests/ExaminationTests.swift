import AMQP
import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Operator

/// What the doctor says of an installation whose parts are there, not there, or ill.
@Suite("Doctor", .timeLimit(.minutes(3)))
struct ExaminationTests {
    /// A port of this machine that nobody listens on, since only root may.
    private static let closed = "127.0.0.1:1"

    private func diagnoses(_ variables: [String: String]) async -> [String: Diagnosis] {
        let diagnoses = await Examination(environment: OperatorEnvironment(variables)).diagnoses()
        return Dictionary(uniqueKeysWithValues: diagnoses.map { ($0.part, $0) })
    }

    private func url(of client: PostgresClient) -> String {
        let configuration = client.configuration
        let password = configuration.password.map { ":\($0)" } ?? ""
        return "postgres://\(configuration.username)\(password)@\(configuration.host):\(configuration.port)/"
            + "\(configuration.database)?sslmode=\(configuration.tls.rawValue)"
    }

    @Test("What is down is named with its address and reason, and what is not set with its variable")
    func down() async throws {
        let found = await diagnoses([
            "VOELGOED_TICKETING_DATABASE_URL": "postgres://nobody:secret@\(Self.closed)/voelgoed_ticketing",
            "VOELGOED_RABBITMQ_URL": "amqp://nobody:secret@\(Self.closed)/voelgoed",
            "VOELGOED_GATEWAY_URL": "http://localhost:1025",
        ])
        #expect(found.values.allSatisfy { !$0.isHealthy })
        let ticketing = try #require(found["database ticketing"])
        #expect(ticketing.finding.contains("127.0.0.1:1/voelgoed_ticketing"))
        #expect(ticketing.finding.contains("refused"))
        #expect(found["database payments"]?.finding.contains("VOELGOED_PAYMENTS_DATABASE_URL") == true)
        #expect(found["broker"] != nil)
        #expect(found["gateway"]?.finding.contains("http://localhost:1025/health/ready") == true)
        #expect(found.values.allSatisfy { !"\($0)".contains("secret") })
    }

    @Test("A node that has seen its cluster divided is named; others, and answers of another shape, are not")
    func dividedCluster() throws {
        let nodes = try MessageCodec.decode(
            JSONValue.self,
            from: Array(#"[{"name":"b@h","partitions":["a@h"]},{"name":"a@h","partitions":[]},{"name":"c@h"}]"#.utf8))
        #expect(BrokerNodes.divided(nodes) == ["b@h"])
        #expect(BrokerNodes.divided(.null).isEmpty)
        #expect(BrokerNodes.divided(.array([.string("b@h")])).isEmpty)
    }

    @Test("A database tells its version and its lag; one in which work lies about is ill")
    func databases() async throws {
        try await ServiceDatabase.with(.analytics, migrations: ServiceMigrations.of("analytics")) { database in
            let client = database.client
            let variables = ["VOELGOED_ANALYTICS_DATABASE_URL": url(of: client)]
            let idle = try #require(await diagnoses(variables)["database analytics"])
            #expect(idle.isHealthy, "\(idle)")
            #expect(idle.finding.contains(/PostgreSQL [0-9]+/))
            #expect(idle.finding.contains("outbox empty, no jobs"))

            try await plant(client, age: "30 seconds")
            let busy = try #require(await diagnoses(variables)["database analytics"])
            #expect(busy.isHealthy, "\(busy)")
            // At least the planted age; the machine may have been busy since.
            #expect(busy.finding.contains(/outbox 1, oldest [3-9][0-9]s/))
            #expect(busy.finding.contains(/jobs 1, 1 due for [3-9][0-9]s/))

            try await plant(client, age: "6 minutes")
            let ill = try #require(await diagnoses(variables)["database analytics"])
            #expect(!ill.isHealthy, "\(ill)")
            #expect(ill.finding.contains("outbox 2, oldest 6m"))
        }
    }

    @Test("The Coordinator's database tells what operators were called for and have not resolved")
    func incidents() async throws {
        try await ServiceDatabase.with(.coordinator, migrations: ServiceMigrations.of("coordinator")) { database in
            let variables = ["VOELGOED_COORDINATOR_DATABASE_URL": url(of: database.client)]
            let quiet = try #require(await diagnoses(variables)["database coordinator"])
            #expect(quiet.isHealthy && quiet.finding.hasSuffix("no open incidents"), "\(quiet)")
            for incident in [
                Plant.incident(HealthyRows.id(1), of: HealthyRows.organization),
                Plant.incident(HealthyRows.id(2), of: HealthyRows.organization, resolvedAt: "now()"),
            ] {
                _ = try await database.client.query("\(unescaped: incident)")
            }
            let called = try #require(await diagnoses(variables)["database coordinator"])
            #expect(called.isHealthy && called.finding.hasSuffix("open incidents: refund_undecided 1"), "\(called)")
        }
    }

    private func plant(_ client: PostgresClient, age: String) async throws {
        for statement in [
            """
            INSERT INTO outbox (id, exchange, routing_key, envelope, body, due_at)
            SELECT gen_random_uuid(), '', '', jsonb_build_object('occurredAt', now() - interval '\(age)'), '', now()
            """,
            """
            INSERT INTO jobs (id, kind, payload, envelope, due_at, created_at)
            SELECT gen_random_uuid(), 'work', '{}', '{}', now() - interval '\(age)', now()
            """,
        ] {
            _ = try await client.query("\(unescaped: statement)")
        }
    }

    @Test("A broker is ill without queues and without somebody who consumes them; else it tells what waits")
    func broker() async throws {
        try await TestVirtualHost.with { host in
            let variables = ["VOELGOED_RABBITMQ_URL": host.url]
            let empty = try #require(await diagnoses(variables)["broker"])
            #expect(empty.finding == "no service has declared its queues yet")
            #expect(!empty.isHealthy)

            let lane = MessagingTopology.messageQueueName(.payments)
            let deadLetters = MessagingTopology.deadLetterQueueName(lane)
            let administration = AMQPAdministration(
                configuration: host.configuration, logger: OperatorEnvironment.quiet)
            try await administration.declare(
                AMQPTopology(queues: [AMQPQueue(name: lane), AMQPQueue(name: deadLetters)]))
            let published = try await administration.publish([AMQPMessage(routingKey: deadLetters, body: [1])])
            #expect(published.allSatisfy { $0.isConfirmed })
            await administration.close()
            let unattended = try #require(await diagnoses(variables)["broker"])
            #expect(unattended.finding == "nobody consumes payments.messages")
            #expect(!unattended.isHealthy)

            let consumer = AMQPConsumer(
                configuration: host.configuration, subscriptions: [AMQPSubscription(queue: lane)],
                logger: OperatorEnvironment.quiet)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await consumer.run() }
                defer { group.cancelAll() }
                try await consumer.waitUntilConnected()
                let attended = try #require(await diagnoses(variables)["broker"])
                #expect(attended.isHealthy, "\(attended)")
                #expect(attended.finding == "nothing waits, 1 dead letter")
            }
        }
    }

    @Test("Each process of the plan is asked whether it is ready, and the supervisor whom it runs")
    func processes() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "doctor-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // A leftover in the temporary folder harms nobody.
        func process(_ name: String, _ url: String?) -> SupervisionPlan.Process {
            SupervisionPlan.Process(
                name: name, executable: "/bin/true", arguments: [], environment: [:], log: "/dev/null", readyURL: url)
        }
        let plan = SupervisionPlan(
            processes: [process("mail", nil), process("ticketing-0", "http://localhost:1025/health/ready")],
            pidFile: folder.appending(path: "pid").path, stateFile: folder.appending(path: "state").path)
        let planFile = folder.appending(path: "plan.json")
        try JSONEncoder().encode(plan).write(to: planFile)
        let variables = ["VOELGOED_PLAN": planFile.path]

        let stopped = await diagnoses(variables)
        #expect(stopped["supervisor"]?.finding == "the supervisor does not run")
        #expect(stopped["process ticketing-0"]?.isHealthy == false)
        #expect(stopped["process mail"] == nil)

        // This very process stands in: it lives.
        let own = ProcessInfo.processInfo.processIdentifier
        try "\(own)\n".write(toFile: plan.pidFile, atomically: true, encoding: .utf8)
        try SupervisionState(processes: [.init(name: "mail", pid: own, restarts: 0)]).write(plan.stateFile)
        #expect(await diagnoses(variables)["supervisor"]?.finding == "not running: ticketing-0")

        try SupervisionState(processes: [
            .init(name: "mail", pid: own, restarts: 0), .init(name: "ticketing-0", pid: own, restarts: 2),
        ]).write(plan.stateFile)
        let running = try #require(await diagnoses(variables)["supervisor"])
        #expect(running.isHealthy)
        #expect(running.finding == "2 processes, restarts: ticketing-0 2")
    }
}
