import Telemetry
import Testing

@Suite struct TraceContextTests {
    private let trace = "0af7651916cd43dd8448eb211c80319c"

    @Test func `a header is read and written as it was`() throws {
        let header = "00-\(trace)-b7ad6b7169203331-01"
        let context = try #require(TraceContext(header))
        #expect((context.traceID, context.spanID, context.isSampled) == (trace, "b7ad6b7169203331", true))
        #expect(context.header == header)
        #expect(TraceContext("00-\(trace)-b7ad6b7169203331-00")?.isSampled == false)
    }

    @Test func `a later version is read as far as this one goes`() {
        #expect(TraceContext("01-\(trace)-b7ad6b7169203331-03-more")?.header == "00-\(trace)-b7ad6b7169203331-01")
        #expect(TraceContext("01-\(trace)-b7ad6b7169203331-03more") == nil)
    }

    @Test(arguments: [
        "", "00", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
        "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333'-01",
    ])
    func `what is no context is none`(header: String) {
        #expect(TraceContext(header) == nil)
    }

    @Test func `a trace that begins here is one of its own, and its steps differ`() {
        let (first, second) = (TraceContext.begin(), TraceContext.begin())
        #expect(first.traceID != second.traceID)
        #expect(TraceContext(first.header) == first)
        #expect(first.next.traceID == first.traceID)
        #expect(first.next.spanID != first.spanID)
    }

    @Test func `what a task works in reaches what it calls, and ends with it`() async {
        let context = TraceContext.begin()
        await TraceContext.$current.withValue(context) {
            await Task { #expect(TraceContext.current == context) }.value
        }
        #expect(TraceContext.current == nil)
    }
}
