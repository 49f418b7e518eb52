import Foundation
import Logging
import Postgres
import Synchronization

/// A PostgreSQL server of the test's own, to freeze, stop and kill: its own folder and port on the loopback interface. It ends
/// with the test process at the latest.
public final class PrivatePostgres: Sendable {
    /// Where the port is taken from.
    public static let portRange: ClosedRange<UInt16> = 26_000...26_999

    /// The folder of the newest version's programs, as Debian lays them out.
    private static let programs: String = {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        return "/usr/lib/postgresql/\(versions.compactMap { Int($0) }.max() ?? 15)/bin"
    }()
    private static let startTimeout = Duration.seconds(60)
    /// The servers that run, with their folders.
    private static let runningServers = Mutex<[pid_t: URL]>([:])

    /// The port it listens on.
    public let port: UInt16
    /// Where the server keeps everything.
    public let folder: URL
    /// The certificates, if it offers TLS: its own is for `localhost`.
    public let certificates: PrivateBrokerCertificates?
    private let server: Mutex<Process?>

    /// For the superuser, who needs no password.
    public var configuration: PostgresConfiguration {
        var configuration = PostgresConfiguration(
            host: "127.0.0.1", port: Int(port), username: "postgres", database: "postgres")
        configuration.tls = .disable
        return configuration
    }

    /// The URL for the superuser.
    public var url: String { "postgres://postgres@127.0.0.1:\(port)/postgres?sslmode=disable" }

    private init(port: UInt16, folder: URL, certificates: PrivateBrokerCertificates?) {
        self.port = port
        self.folder = folder
        self.certificates = certificates
        server = Mutex(nil)
    }

    /// Makes a cluster, starts its server and returns once it accepts connections.
    ///
    /// - Parameters:
    ///   - port: a free one by default.
    ///   - settings: lines for `postgresql.conf`.
    ///   - offersTLS: whether it has a certificate and takes TLS connections beside others.
    public static func start(
        port: UInt16? = nil, settings: [String] = [], offersTLS: Bool = false
    ) async throws -> PrivatePostgres {
        let port = try port ?? LoopbackPorts.free(1, from: portRange)[0]
        let folder = URL(filePath: "/tmp/voelgoed-postgres-\(port)-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let certificates = offersTLS ? try await PrivateBrokerCertificates.make(in: folder) : nil
        // The server refuses to run as root, so that its folder and key belong to the user it runs as.
        if geteuid() == 0 {
            for path in [folder.path, certificates?.server.key].compactMap(\.self) {
                try FileManager.default.setAttributes([.ownerAccountName: "postgres"], ofItemAtPath: path)
            }
        }
        let cluster = PrivatePostgres(port: port, folder: folder, certificates: certificates)
        do {
            try await cluster.initialise(settings: settings)
            try await cluster.launch()
        } catch {
            let log = (try? String(contentsOf: folder.appending(path: "server.log"), encoding: .utf8)) ?? "no log"
            await cluster.remove()
            throw PrivatePostgresError("the server did not start: \(error)\n\(log.suffix(4000))")
        }
        return cluster
    }

    /// Starts the server again after ``stop()`` or ``kill()``.
    public func launch() async throws {
        let start = Self.command("postgres", ["-D", "data"])
        let log = folder.appending(path: "server.log")
        if !FileManager.default.fileExists(atPath: log.path) { try Data().write(to: log) }
        let handle = try FileHandle(forWritingTo: log)
        try handle.seekToEnd()
        let process = Process()
        process.executableURL = URL(filePath: start.program)
        process.arguments = start.arguments
        process.environment = Self.environment
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        let isFirst = Self.runningServers.withLock { running in
            defer { running[process.processIdentifier] = folder }
            return running.isEmpty
        }
        if isFirst {
            // A test run that ends early must not leave a server behind.
            atexit { PrivatePostgres.killRunningServers() }
        }
        server.withLock { $0 = process }
        try await waitUntilReady()
    }

    /// Ends all connections and stops the server in an orderly way.
    public func stop() async {
        await end(with: SIGINT)
    }

    /// Kills the postmaster, as a crash does. Its processes notice and end too.
    public func kill() async {
        await end(with: SIGKILL)
    }

    /// Stops every process of the server, as a frozen machine does: its sockets stay open and nothing answers.
    public func freeze() {
        for process in processes() { Foundation.kill(process, SIGSTOP) }
    }

    /// Lets a frozen server go on.
    public func thaw() {
        for process in processes() { Foundation.kill(process, SIGCONT) }
    }

    /// Kills the server and removes its folder.
    public func remove() async {
        thaw()
        await end(with: SIGKILL)
        try? FileManager.default.removeItem(at: folder)  // Left-overs in /tmp harm nobody.
    }

    // MARK: - Files

    private func initialise(settings: [String]) async throws {
        let program = Self.command(
            "initdb",
            [
                "--pgdata", "data", "--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8",
                "--locale=C.UTF-8",
            ])
        try await ChildProcess.run(program.program, program.arguments, environment: Self.environment, folder: folder)
        var lines = [
            "port = \(port)", "listen_addresses = '127.0.0.1'", "unix_socket_directories = '\(folder.path)'",
            "fsync = off", "full_page_writes = off", "max_connections = 200", "shared_buffers = 32MB",
        ]
        if let certificates {
            lines += [
                "ssl = on", "ssl_cert_file = '\(certificates.server.certificate)'",
                "ssl_key_file = '\(certificates.server.key)'",
            ]
        }
        let file = try FileHandle(forWritingTo: folder.appending(path: "data/postgresql.conf"))
        try file.seekToEnd()
        try file.write(contentsOf: Data(((lines + settings).joined(separator: "\n") + "\n").utf8))
        try file.close()
    }

    // MARK: - Processes

    /// The postmaster and its children.
    private func processes() -> [pid_t] {
        guard let postmaster = server.withLock({ $0?.processIdentifier }) else { return [] }
        return [postmaster] + Self.children(of: postmaster)
    }

    private static func children(of process: pid_t) -> [pid_t] {
        // There is no such file when the process has ended.
        let list = (try? String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)) ?? ""
        return list.split(separator: " ").compactMap { pid_t($0) }
    }

    /// Whether the process exists and is more than an entry that nobody has collected.
    private static func isRunning(_ process: pid_t) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        let state = status[(status.lastIndex(of: ")") ?? status.startIndex)...].dropFirst(2).first
        return state != "Z" && state != "X"
    }

    private func end(with signal: Int32) async {
        guard
            let process = server.withLock({ server in
                defer { server = nil }
                return server
            })
        else { return }
        let children = Self.children(of: process.processIdentifier)
        let (exits, exit) = AsyncStream.makeStream(of: Never.self)
        process.terminationHandler = { _ in exit.finish() }
        if process.isRunning {
            Foundation.kill(process.processIdentifier, signal)
        } else {
            exit.finish()
        }
        for await _ in exits {}
        // They notice a killed postmaster by themselves, and no new server can start before they have.
        while children.contains(where: Self.isRunning) { await Task.yield() }
        _ = Self.runningServers.withLock { $0.removeValue(forKey: process.processIdentifier) }
    }

    private func waitUntilReady() async throws {
        var configuration = configuration
        configuration.maximumConnections = 1
        // The client tries again and again within this time.
        configuration.acquireTimeout = Self.startTimeout
        let client = PostgresClient(
            configuration: configuration,
            logger: Logger(label: "private-postgres", factory: { _ in SwiftLogNoOpLogHandler() }))
        do {
            _ = try await client.query("SELECT 1")
        } catch {
            await client.close()
            throw error
        }
        await client.close()
    }

    private static let environment = ["PATH": "\(programs):/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"]

    /// How to run one of PostgreSQL's programs, which refuse to run as root. `setpriv` replaces itself with the program, so that
    /// the process id is the program's.
    private static func command(_ name: String, _ arguments: [String]) -> (program: String, arguments: [String]) {
        guard geteuid() == 0 else { return ("\(programs)/\(name)", arguments) }
        return (
            "/usr/bin/setpriv",
            ["--reuid=postgres", "--regid=postgres", "--init-groups", "--", "\(programs)/\(name)"] + arguments
        )
    }

    private static func killRunningServers() {
        for (identifier, folder) in runningServers.withLock(\.self) {
            Foundation.kill(identifier, SIGKILL)
            try? FileManager.default.removeItem(at: folder)  // The process ends; nobody could be told.
        }
    }
}
