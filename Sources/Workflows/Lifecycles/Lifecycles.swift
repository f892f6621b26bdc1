/// The code of every machine that runs.
public enum Lifecycles {
    /// All of them.
    public static let all: [any Lifecycle] = [InvoiceLifecycle()]
}
