import Foundation

/// A child in a session of its own, started as from a fresh shell: no signal blocked, every signal at its
/// default, no descriptor inherited but its output.
///
/// Foundation's `Process` would pass on the signal mask of whichever thread starts it. Those of Dispatch and of Swift's
/// concurrency block SIGTERM, and a service that never gets it never shuts down in order.
struct SpawnedProcess: Sendable {
    /// glibc's `POSIX_SPAWN_SETSID`, which its header shows to GNU sources only.
    private static let newSession: Int16 = 0x80

    /// Its process id, which is its group's too. It stays the child's until ``reap()``, so that no signal can hit
    /// another.
    let id: pid_t

    /// - Parameters:
    ///   - output: a descriptor for its standard output and standard error.
    ///   - nice: as in ``SupervisionPlan/Process/nice``.
    /// - Throws: ``OperatorError``.
    init(
        executable: String, arguments: [String], environment: [String: String], output: Int32, nice: Int? = nil
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        for descriptor in Self.openDescriptors where descriptor > STDERR_FILENO {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        // Nobody may set these two.
        sigdelset(&all, SIGKILL)
        sigdelset(&all, SIGSTOP)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) | Self.newSession)

        var id: pid_t = 0
        let failure = Self.withCStrings([executable] + arguments) { argv in
            Self.withCStrings(environment.map { "\($0.key)=\($0.value)" }) { variables in
                posix_spawn(&id, executable, &actions, &attributes, argv, variables)
            }
        }
        guard failure == 0 else { throw OperatorError("\(executable): \(String(cString: strerror(failure)))") }
        self.id = id
        if let nice, nice > 0 { standBack(nice) }
    }

    /// Whatever the answers: a process that does not stand back works too.
    private func standBack(_ nice: Int) {
        // Its threads come later and inherit it.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(id), Int32(clamping: nice))
        // Where Linux shares the processor out among sessions first, a session's own number counts beside others
        // (sched(7), "The autogroup feature").
        try? Data("\(nice)".utf8).write(to: URL(filePath: "/proc/\(id)/autogroup"))
    }

    /// Closing one that has been closed meanwhile does no harm.
    private static var openDescriptors: [Int32] {
        // Without /proc only those that were opened without O_CLOEXEC would stay open, and nobody here opens any.
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []).compactMap { Int32($0) }
    }

    /// Calls `body` on a thread of its own once the process has ended. It stays to be reaped.
    func whenEnded(_ body: @escaping @Sendable () -> Void) {
        let id = id
        Thread.detachNewThread {
            var information = siginfo_t()
            while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
            body()
        }
    }

    /// Asks the process to end.
    func terminate() {
        kill(id, SIGTERM)
    }

    /// Ends the process and everything it has started.
    func killGroup() {
        kill(-id, SIGKILL)
    }

    /// Takes an ended process out of the system's table, and ends what it has left behind in its group: that would hold
    /// the ports of the next one.
    func reap() -> ProcessEnd {
        killGroup()
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        return ProcessEnd(waitStatus: status)
    }

    /// Lends strings as C does: an array of pointers with a null at its end.
    private static func withCStrings<R>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
        let copies: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
