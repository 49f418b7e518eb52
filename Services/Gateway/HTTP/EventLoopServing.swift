import HummingbirdCore
import Logging
import NIOCore

/// Serves each connection on the event loop that its bytes arrive on: what is in memory is answered right there, and the
/// tasks that serve the rest need no other thread until they wait for somebody.
struct EventLoopServing: ServerChildChannel {
    let base: HTTP1Channel
    let answers: MemoryAnswers

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        base.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            // It counts what is under way, for the time that a connection may rest and for the end of the process.
            let counter = try pipeline.handler(type: HTTPConnectionStateHandler.self)
            try pipeline.addHandler(MemoryAnswerHandler(answers), position: .after(counter))
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await withTaskExecutorPreference(EventLoopExecutor(value.channel.eventLoop)) {
            await base.handle(value: value, logger: logger)
        }
    }
}

/// Runs tasks on an event loop.
private final class EventLoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
