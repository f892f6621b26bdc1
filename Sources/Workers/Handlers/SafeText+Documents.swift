public import Documents
public import Jobs

extension DocumentError: SafeTextError {
    /// What is missing or failed; it names files of the installation, no content.
    public var safeText: String { description }
}

extension TemplateError: SafeTextError {
    /// Which template and which names; it quotes no values.
    public var safeText: String { description }
}
