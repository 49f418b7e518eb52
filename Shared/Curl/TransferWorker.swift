import CCurl
import Foundation

/// The thread behind a ``TransferLoop``: one libcurl multi handle and the transfers in it.
///
/// `@unchecked Sendable` is safe because other threads only use `inbox`, which a lock guards, and `curl_multi_wakeup`,
/// which libcurl allows from any thread and which is called under the same lock while the handle is open. All other
/// state belongs to the thread in `run()`.
final class TransferWorker: @unchecked Sendable {
    typealias Continuation = CheckedContinuation<Void, Never>

    private enum Phase {
        case reserved
        /// Its task was cancelled before the transfer was handed in.
        case cancelledEarly
        case submitted
        case ended(TransferLoop.End)
    }

    private enum Command {
        case start(Job)
        case cancel(UInt64)
    }

    private struct Job {
        let id: UInt64
        let transfer: EasyTransfer
        let continuation: Continuation
    }

    private struct Inbox {
        var nextID: UInt64 = 0
        var phases: [UInt64: Phase] = [:]
        var commands: [Command] = []
        var isStopping = false
        var isClosed = false
    }

    private let lock = NSLock()
    private var inbox = Inbox()
    private let multi: UnsafeMutableRawPointer
    private let maximumConcurrent: Int

    private var running: [UnsafeMutableRawPointer: Job] = [:]
    private var handles: [UInt64: UnsafeMutableRawPointer] = [:]
    private var waiting: [UInt64: Job] = [:]
    private var waitingOrder: ArraySlice<UInt64> = []

    init(maximumConcurrent: Int) {
        guard CurlRuntime.isReady, let multi = curl_multi_init() else {
            preconditionFailure("libcurl could not be initialised")
        }
        self.multi = multi
        self.maximumConcurrent = max(1, maximumConcurrent)
        // Connections kept open for the next request to the same server.
        _ = voelgoed_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, min(self.maximumConcurrent, 256))
    }

    // MARK: Any thread

    func reserve() -> UInt64 {
        withInbox { inbox in
            inbox.nextID += 1
            inbox.phases[inbox.nextID] = .reserved
            return inbox.nextID
        }
    }

    /// Resumes the continuation when ``takeEnd(of:)`` has an answer.
    func submit(_ id: UInt64, _ transfer: EasyTransfer, _ continuation: Continuation) {
        let isAccepted = withInbox { inbox in
            guard case .reserved = inbox.phases[id] else {
                inbox.phases[id] = .ended(.cancelled)
                return false
            }
            inbox.phases[id] = .submitted
            inbox.commands.append(.start(Job(id: id, transfer: transfer, continuation: continuation)))
            wake(inbox)
            return true
        }
        if !isAccepted { continuation.resume() }
    }

    /// How the transfer ended. The lock also hands what the loop's thread wrote into the transfer to the caller.
    func takeEnd(of id: UInt64) -> TransferLoop.End {
        withInbox { inbox in
            guard case .ended(let end) = inbox.phases.removeValue(forKey: id) else { return .cancelled }
            return end
        }
    }

    func cancel(_ id: UInt64) {
        withInbox { inbox in
            switch inbox.phases[id] {
            case .reserved:
                inbox.phases[id] = .cancelledEarly
            case .submitted:
                inbox.commands.append(.cancel(id))
                wake(inbox)
            case .cancelledEarly, .ended, nil:
                break
            }
        }
    }

    /// The thread ends as soon as nothing is in flight.
    func stop() {
        withInbox { inbox in
            inbox.isStopping = true
            wake(inbox)
        }
    }

    /// A POSIX lock, because the thread sanitizer does not see through `Mutex`, whose waiting is done by the kernel.
    private func withInbox<Result>(_ body: (inout Inbox) -> Result) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return body(&inbox)
    }

    private func wake(_ inbox: borrowing Inbox) {
        if !inbox.isClosed { curl_multi_wakeup(multi) }
    }

    // MARK: The loop's thread

    func run() {
        blockBrokenPipeSignal()
        while true {
            for command in takeCommands() { perform(command) }
            startWaiting()
            var runningCount: Int32 = 0
            let performed = curl_multi_perform(multi, &runningCount)
            finishDone()
            startWaiting()
            if closeIfIdle() { return }
            // libcurl's own timers shorten the wait; a minute only bounds it.
            let polled = curl_multi_poll(multi, nil, 0, 60_000, nil)
            if performed != CURLM_OK || polled != CURLM_OK { failRunning() }
        }
    }

    private func blockBrokenPipeSignal() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    private func takeCommands() -> [Command] {
        withInbox { inbox in
            let commands = inbox.commands
            inbox.commands = []
            return commands
        }
    }

    private func perform(_ command: Command) {
        switch command {
        case .start(let job):
            waiting[job.id] = job
            waitingOrder.append(job.id)
        case .cancel(let id):
            if let job = waiting.removeValue(forKey: id) {
                end(job, .cancelled)
            } else if let handle = handles[id] {
                remove(handle, .cancelled)
            }
        }
    }

    private func startWaiting() {
        while running.count < maximumConcurrent, let id = waitingOrder.popFirst() {
            // Nil when it was cancelled while it waited.
            guard let job = waiting.removeValue(forKey: id) else { continue }
            let handle = job.transfer.handle
            guard curl_multi_add_handle(multi, handle) == CURLM_OK else {
                end(job, .finished(CURLE_FAILED_INIT))
                continue
            }
            running[handle] = job
            handles[id] = handle
        }
    }

    private func finishDone() {
        var remaining: Int32 = 0
        while let message = curl_multi_info_read(multi, &remaining) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
            remove(handle, .finished(message.pointee.data.result))
        }
    }

    /// What is left when libcurl itself cannot go on (out of memory): every transfer ends instead of hanging.
    private func failRunning() {
        for handle in Array(running.keys) { remove(handle, .finished(CURLE_OUT_OF_MEMORY)) }
    }

    private func remove(_ handle: UnsafeMutableRawPointer, _ result: TransferLoop.End) {
        curl_multi_remove_handle(multi, handle)
        guard let job = running.removeValue(forKey: handle) else { return }
        handles[job.id] = nil
        end(job, result)
    }

    /// The one place where a continuation of an accepted transfer is resumed.
    private func end(_ job: Job, _ result: TransferLoop.End) {
        withInbox { $0.phases[job.id] = .ended(result) }
        job.continuation.resume()
    }

    private func closeIfIdle() -> Bool {
        guard running.isEmpty, waiting.isEmpty else { return false }
        let isClosed = withInbox { inbox in
            inbox.isClosed = inbox.isStopping && inbox.commands.isEmpty
            return inbox.isClosed
        }
        if isClosed { curl_multi_cleanup(multi) }
        return isClosed
    }
}
