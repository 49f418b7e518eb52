import Contracts
import Testing

@testable import Messaging

/// W3C Trace Context, level 1.
@Suite("Trace context")
struct TraceContextTests {
    private let moment = MomentSource(
        clock: { Timestamp(millisecondsSince1970: 0) }, random: { 0x0123_4567_89AB_CDEF }
    ).moment()

    @Test("A child keeps the trace and has a span of its own")
    func child() {
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
        let child = TraceContext.child(of: parent, at: moment)
        #expect(child.wholeMatch(of: /00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01/) != nil)
        #expect(!child.contains("b7ad6b7169203331"))
    }

    @Test(
        "What is not a valid header begins a new trace",
        arguments: [
            nil, "", "nonsense", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", "00-0af7651916cd43dd8448eb211c80319c-b7ad-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-extra",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ])
    func malformed(parent: String?) {
        #expect(parent.flatMap(TraceContext.traceID) == nil)
        let child = TraceContext.child(of: parent, at: moment)
        #expect(TraceContext.traceID(in: child) != nil)
        #expect(!child.contains("0af7651916cd43dd8448eb211c80319c"))
    }
}
