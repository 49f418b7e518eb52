import AMQP
import Foundation
import Logging

/// A RabbitMQ of the test's own, to freeze, starve and kill: its own folder, node name, name server and ports on the
/// loopback interface. It ends with the test process at the latest.
public final class PrivateBroker: Sendable {
    /// Where the ports are taken from.
    public static let portRange: ClosedRange<UInt16> = 25_000...25_999

    private static let programs = "/usr/lib/rabbitmq/bin"
    private static let startTimeout = Duration.seconds(120)

    /// The port for plain AMQP.
    public let port: UInt16
    /// The port for AMQP over TLS, which asks for a client certificate.
    public let tlsPort: UInt16
    /// The certificates for the TLS port.
    public let certificates: PrivateBrokerCertificates
    /// Where the broker keeps everything.
    public let folder: URL

    private let broker: Process
    private let nameServer: Process
    private let reaper: Process
    /// The reaper reads from it, and wakes up when this process ends, in whatever way.
    private let lifeline: Pipe
    private let environment: [String: String]

    /// The URL of the default virtual host.
    public var url: String {
        "amqp://guest:guest@localhost:\(port)"
    }

    private init(
        ports: [UInt16], certificates: PrivateBrokerCertificates, folder: URL, broker: Process, nameServer: Process,
        environment: [String: String]
    ) throws {
        port = ports[0]
        tlsPort = ports[1]
        self.certificates = certificates
        self.folder = folder
        self.broker = broker
        self.nameServer = nameServer
        self.environment = environment
        lifeline = Pipe()
        reaper = try Self.launchReaper(of: [broker, nameServer], lifeline: lifeline, folder: folder)
    }

    /// Starts a broker and returns once it accepts connections.
    public static func start() async throws -> PrivateBroker {
        let ports = try LoopbackPorts.free(4, from: portRange)
        let folder = URL(filePath: "/tmp/voelgoed-broker-\(ports[0])-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let certificates = try await PrivateBrokerCertificates.make(in: folder)
        let environment = try prepare(folder: folder, ports: ports, certificates: certificates)

        var processes: [Process] = []
        let started: PrivateBroker
        do {
            let nameServer = try launch(
                "/usr/bin/epmd", ["-port", "\(ports[2])", "-address", "127.0.0.1"], environment: environment,
                folder: folder, output: "epmd.log")
            processes.append(nameServer)
            let broker = try launch(
                "\(programs)/rabbitmq-server", [], environment: environment, folder: folder, output: "server.log")
            processes.append(broker)
            started = try PrivateBroker(
                ports: ports, certificates: certificates, folder: folder, broker: broker, nameServer: nameServer,
                environment: environment)
        } catch {
            processes.forEach(end)
            throw error
        }
        do {
            try await started.waitUntilReady()
        } catch {
            // The log only adds to the error that is thrown in any case.
            let log = (try? String(contentsOf: folder.appending(path: "server.log"), encoding: .utf8)) ?? "no log"
            started.stop()
            throw PrivateBrokerError("the broker did not start: \(error)\n\(log.suffix(4000))")
        }
        return started
    }

    /// Stops every thread of the broker, as a frozen machine does: its sockets stay open and nothing answers.
    public func freeze() {
        kill(broker.processIdentifier, SIGSTOP)
    }

    /// Lets a frozen broker go on.
    public func thaw() {
        kill(broker.processIdentifier, SIGCONT)
    }

    /// Runs `rabbitmqctl` against this broker and returns its output.
    @discardableResult
    public func control(_ arguments: String...) async throws -> String {
        try await ChildProcess.run(
            "\(Self.programs)/rabbitmqctl", ["--quiet"] + arguments, environment: environment, folder: folder)
    }

    /// Kills the broker and removes its folder.
    public func stop() {
        // The reaper first: it would signal process ids that are no longer ours.
        [reaper, broker, nameServer].forEach(Self.end)
        try? FileManager.default.removeItem(at: folder)  // Left-overs in /tmp harm nobody.
    }

    // MARK: - Starting

    private func waitUntilReady() async throws {
        let configuration = try AMQPConfiguration(url: url, connectionName: "readiness")
        let publisher = AMQPPublisher(configuration: configuration, logger: Logger(label: "private-broker"))
        let (exits, exit) = AsyncStream.makeStream(of: Never.self)
        broker.terminationHandler = { _ in exit.finish() }
        if !broker.isRunning {
            exit.finish()
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                guard try await publisher.waitUntil(timeout: Self.startTimeout, { $0.isConnected }) else {
                    throw PrivateBrokerError("no connection within \(Self.startTimeout)")
                }
            }
            group.addTask {
                try await publisher.run()
                // Only the others end the group.
                try await ContinuousClock().sleep(for: Self.startTimeout * 2)
            }
            group.addTask {
                for await _ in exits {}
                try Task.checkCancellation()
                throw PrivateBrokerError("the process ended")
            }
            try await group.next()
        }
    }

    /// Writes the broker's files and returns the environment that points to them.
    private static func prepare(
        folder: URL, ports: [UInt16], certificates: PrivateBrokerCertificates
    ) throws -> [String: String] {
        func path(_ name: String) -> String {
            folder.appending(path: name).path
        }
        func write(_ text: String, to name: String) throws {
            try text.write(toFile: path(name), atomically: true, encoding: .utf8)
        }
        try write(
            """
            listeners.tcp.1 = 127.0.0.1:\(ports[0])
            listeners.ssl.1 = 127.0.0.1:\(ports[1])
            ssl_options.cacertfile = \(certificates.authority)
            ssl_options.certfile = \(certificates.server.certificate)
            ssl_options.keyfile = \(certificates.server.key)
            ssl_options.verify = verify_peer
            ssl_options.fail_if_no_peer_cert = true
            disk_free_limit.absolute = 1MB

            """, to: "rabbitmq.conf")
        try write("[rabbitmq_consistent_hash_exchange].\n", to: "enabled_plugins")
        try write("", to: "rabbitmq-env.conf")
        try write("[].\n", to: "advanced.config")
        try write(UUID().uuidString, to: ".erlang.cookie")
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path(".erlang.cookie"))
        return [
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": folder.path, "LANG": "C.UTF-8",
            "ERL_EPMD_PORT": "\(ports[2])", "ERL_EPMD_ADDRESS": "127.0.0.1",
            // Makes the start script replace itself with the Erlang machine, so that its process id is ours to signal.
            "RUNNING_UNDER_SYSTEMD": "true",
            "RABBITMQ_NODENAME": "test-\(ports[0])@localhost", "RABBITMQ_DIST_PORT": "\(ports[3])",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_CONFIG_FILE": path("rabbitmq.conf"), "RABBITMQ_CONF_ENV_FILE": path("rabbitmq-env.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": path("advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": path("enabled_plugins"), "RABBITMQ_PID_FILE": path("rabbitmq.pid"),
            "RABBITMQ_MNESIA_BASE": path("mnesia"), "RABBITMQ_LOG_BASE": path("log"),
            "RABBITMQ_GENERATED_CONFIG_DIR": path("generated"), "RABBITMQ_SCHEMA_DIR": path("schema"),
        ]
    }

    private static func launch(
        _ program: String, _ arguments: [String], environment: [String: String], folder: URL, output: String
    ) throws -> Process {
        let log = folder.appending(path: output)
        try Data().write(to: log)
        let handle = try FileHandle(forWritingTo: log)
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        return process
    }

    /// Starts a process that kills the others and removes the folder once this one has ended, even if it was killed.
    private static func launchReaper(of processes: [Process], lifeline: Pipe, folder: URL) throws -> Process {
        // A child that inherited the writing end would keep the pipe open.
        _ = fcntl(lifeline.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        let reaper = Process()
        reaper.executableURL = URL(filePath: "/bin/sh")
        reaper.arguments =
            ["-c", "read line; folder=$1; shift; kill -9 \"$@\"; rm -rf \"$folder\"", "reaper", folder.path]
            + processes.map { "\($0.processIdentifier)" }
        reaper.standardInput = lifeline
        reaper.standardOutput = FileHandle.nullDevice
        reaper.standardError = FileHandle.nullDevice
        try reaper.run()
        return reaper
    }

    private static func end(_ process: Process) {
        guard process.isRunning else {
            return
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
