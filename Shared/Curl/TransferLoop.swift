import CCurl
import Foundation

/// Runs any number of transfers on one thread of its own.
///
/// When the loop is released, the thread finishes what is in flight and ends.
final class TransferLoop: Sendable {
    /// How a transfer came to its end.
    enum End: Sendable {
        case finished(CURLcode)
        case cancelled
    }

    private let worker: TransferWorker

    /// - Parameters:
    ///   - name: The thread's name in a debugger.
    ///   - maximumConcurrent: How many transfers run at once; further ones wait their turn.
    init(name: String, maximumConcurrent: Int) {
        let worker = TransferWorker(maximumConcurrent: maximumConcurrent)
        self.worker = worker
        let thread = Thread { worker.run() }
        thread.name = name
        thread.start()
    }

    deinit {
        worker.stop()
    }

    /// Returns when the transfer is over. Cancelling the awaiting task removes it.
    func run(_ transfer: EasyTransfer) async -> End {
        let id = worker.reserve()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                worker.submit(id, transfer, continuation)
            }
        } onCancel: {
            worker.cancel(id)
        }
        return worker.takeEnd(of: id)
    }
}
