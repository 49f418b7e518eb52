import NIOCore
import NIOHTTPTypes

/// Ends the wait for a request that does not arrive as a whole in time. One that comes in one piece, as most do, costs no
/// timer.
final class LateRequestHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    /// What whoever reads the request gets instead of the rest of it.
    struct Late: Error {}

    private let deadline: TimeAmount
    private var isArriving = false
    private var timer: Scheduled<Void>?

    init(deadline: TimeAmount) {
        self.deadline = deadline
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: isArriving = true
        case .body: break
        case .end: stop()
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isArriving, timer == nil {
            timer = context.eventLoop.assumeIsolated().scheduleTask(in: deadline) {
                context.fireErrorCaught(Late())
            }
        }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stop()
    }

    private func stop() {
        isArriving = false
        timer?.cancel()
        timer = nil
    }
}
