import Database
import Documents
import Foundation
import Jobs
import Logging
import Scheduler
import StateMachines
import ServiceLifecycle
import UnixSignals
import Workers
import Workflows

extension House {
    /// The worker of this process.
    ///
    /// - Throws: `TemplateError` when a mail's template is broken; `DocumentError` when the fonts are missing;
    ///   `EngineError.cannotStart` when the vocabulary names something that no code does.
    func worker() throws -> WorkerRuntime {
        let templates = try MailTemplates(directory: settings.home.appending(path: "templates/email"))
        let fonts = try FontLibrary()
        let delivery = MailDelivery(
            transport: settings.smtp.map(SMTPTransport.init), from: settings.mailFrom, pool: pool,
            files: settings.files, secrets: try settings.secretBox())
        let portalMail = PortalMail(
            delivery: delivery, templates: templates, seller: company.letterhead, portal: settings.publicURL)
        let all: [any JobHandler] = [
            GeneratePDFHandler(company: company, fonts: fonts),
            SendEmailHandler(delivery: delivery, templates: templates, company: company, fonts: fonts),
            SendDunningNoticeHandler(
                delivery: delivery, templates: templates, company: company, calendar: calendar),
            SendCalendarInviteHandler(delivery: delivery, templates: templates, company: company),
            RemindMeetingHandler(delivery: delivery, templates: templates, company: company),
            SendStatementHandler(delivery: delivery, templates: templates, company: company, fonts: fonts),
            NotifyHandler(waker: waker),
            SendNoticeEmailHandler(mail: portalMail), SendInvitationHandler(mail: portalMail),
            SendAccountMailHandler(mail: portalMail),
            RecomputeLeadScoreHandler(), RefreshPartnerFiguresHandler(), RollUpSalesHandler(),
            ReconcileFiguresHandler(),
            RunReactionHandler(engine: engine), OperateOnJobsHandler(pool: pool, waker: waker, now: now),
            PollTrackingHandler(carriers: Self.carriers, engine: engine, pool: pool),
            UnconnectedHandler<PaymentCharge>(), UnconnectedHandler<GatewayRefund>(),
            UnconnectedHandler<IntegrationSync>(), UnconnectedHandler<TokenRefresh>(),
            DeliverWebhookHandler(
                door: OutboundDoor(rules: settings.outbound), secrets: try settings.secretBox(), pool: pool),
        ]
        let handlers = try HandlerSet(all, seal: settings.payloadSeal())
        let faults = handlers.faults(of: files.vocabulary, templates: templates)
        guard faults.isEmpty else { throw EngineError.cannotStart(faults.map(\.description)) }
        var working = WorkerSettings(
            queues: [
                .init(concurrency: settings.workerConcurrency),
                .init(queue: DeliverWebhook.queue, concurrency: Self.webhooksAtOnce, prefetchLimit: 0),
            ], name: processName)
        // Kinds without a handler wait for a newer program, which does not come every minute.
        working.unknownKindDelay = .seconds(600)
        return WorkerRuntime(
            database: database, pool: pool, waker: waker, handlers: handlers,
            settings: working, now: now, metrics: workerMetrics, logger: logger)
    }

    /// The scheduler of this process; of all processes, one leads.
    ///
    /// - Throws: When the schedules cannot be declared.
    func scheduler() async throws -> DutyRunner {
        _ = try await pool.query(Queue.declare(try schedules(), now: now()))
        return DutyRunner(
            database: database,
            duties: [
                FireTimers(engine: engine, pool: pool, now: now, logger: logger),
                PromoteDuty(pool: pool, waker: waker, now: now), ReapDuty(pool: pool),
                RescueDuty(pool: pool, waker: waker),
                AdmitDuty(pool: pool, waker: waker), UnblockDuty(pool: pool, waker: waker),
                LetGoDuty(pool: pool, waker: waker), BatchDuty(pool: pool, waker: waker, now: now),
                ForgetRatesDuty(pool: pool, now: now),
                CommissionDuty(engine: engine, pool: pool, calendar: calendar, now: now),
                StatementDuty(pool: pool, waker: waker, now: now),
                LowStockDuty(pool: pool, waker: waker, now: now), PriceChangesDuty(pool: pool, now: now),
                TrackingDuty(carriers: Self.carriers, pool: pool, waker: waker, now: now),
                ScheduleDuty(pool: pool, waker: waker, now: now, logger: logger),
                ForgetChangesDuty(pool: pool), PruneDuty(pool: pool, now: now), FiguresDuty(pool: pool),
                settings.retention(pool, logger),
            ],
            logger: logger)
    }

    /// The carriers that can be asked where a parcel is: none has an adapter yet.
    static let carriers: Carriers = [:]

    /// How many webhooks one process sends at once; each takes five seconds at most.
    private static let webhooksAtOnce = 8

    private var processName: String {
        "\(ProcessInfo.processInfo.hostName)/\(ProcessInfo.processInfo.processIdentifier)"
    }

    /// Runs services until the process is told to stop, and closes the pool then.
    func run(_ services: [any Service]) async throws {
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger)
        // A worker waits up to half a minute for what it has begun; whoever takes longer than this hangs.
        configuration.maximumGracefulShutdownDuration = .seconds(60)
        let group = ServiceGroup(configuration: configuration)
        do { try await group.run() } catch {
            await pool.close()
            throw error
        }
        await pool.close()
    }
}
