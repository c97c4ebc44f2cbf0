import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Child, type ChildOptions } from "../program/child-process";
import { within } from "../program/waits";
import { nameOf, typeOf } from "../state/urn";
import { fromStruct, keepSecrets, toStruct, withoutSecrets, type Properties } from "../state/values";
import { failureOf } from "./provider-failure";

const startMs = 60_000;

export interface Target {
  readonly urn: string;
  readonly id?: string | undefined;
}

/**
 * A real dynamic-provider process of the SDK, called over gRPC. Secrets are sent as plain values, and marked as secret
 * again in the response.
 */
export class ProviderProcess {
  private constructor(
    private readonly child: Child,
    private readonly client: ResourceProviderClient,
  ) {}

  /** The first line on stdout is the port. `onLine` receives all other lines. */
  static async start(script: string, engineAddress: string, options: Omit<ChildOptions, "args">) {
    let announce: (port: string) => void = () => undefined;
    const port = new Promise<string>((resolve) => {
      announce = resolve;
    });
    let announced = false;
    const early: string[] = [];
    const onLine: ChildOptions["onLine"] = (stream, line) => {
      if (stream === "stdout" && !announced && /^\d+$/.test(line)) {
        announced = true;
        announce(line);
      } else if (announced) options.onLine(stream, line);
      else early.push(line);
    };
    const child = new Child({ ...options, args: [script, engineAddress], onLine });
    const started = await within(startMs, Promise.race([port, child.exited]));
    if (typeof started !== "string") {
      await child.stop();
      throw new Error(`could not start the dynamic provider: ${early.join("\n")}`);
    }
    const limits = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
    const client = new ResourceProviderClient(`127.0.0.1:${started}`, credentials.createInsecure(), limits);
    return new ProviderProcess(child, client);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** The configuration is the only request that marks secrets. */
  async configure(args: Properties): Promise<void> {
    const request = new proto.ConfigureRequest();
    request.setArgs(toStruct(args));
    request.setAcceptsecrets(true);
    request.setAcceptresources(true);
    await answer<proto.ConfigureResponse>((done) => this.client.configure(request, done));
  }

  async check(urn: string, olds: Properties, news: Properties): Promise<Checked> {
    const request = new proto.CheckRequest();
    request.setUrn(urn);
    request.setName(nameOf(urn));
    request.setType(typeOf(urn));
    request.setOlds(toStruct(withoutSecrets(olds)));
    request.setNews(toStruct(withoutSecrets(news)));
    const response = await answer<proto.CheckResponse>((done) => this.client.check(request, done));
    const failures = response.getFailuresList();
    return {
      inputs: keepSecrets(fromStruct(response.getInputs()), news),
      failures: failures.map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
    };
  }

  /**
   * Whether the resource changed; undefined if the provider does not report it.
   *
   * @throws Error if the provider asks for a replacement, which this package's providers never do
   */
  async diff(target: Target, olds: Properties, news: Properties, oldInputs: Properties): Promise<boolean | undefined> {
    const request = changeOf(new proto.DiffRequest(), target, { olds, news, oldInputs });
    const response = await answer<proto.DiffResponse>((done) => this.client.diff(request, done));
    for (const [answer, isUsed] of [
      ["replaces", response.getReplacesList().length > 0],
      ["deleteBeforeReplace", response.getDeletebeforereplace()],
    ] as const) {
      if (isUsed)
        throw new Error(
          `the embedded engine, a stand-in for the Pulumi CLI, does not support ${answer} in the response to a diff`,
        );
    }
    return { 0: undefined, 1: false, 2: true }[response.getChanges()];
  }

  async create(urn: string, inputs: Properties): Promise<{ readonly id: string; readonly outputs: Properties }> {
    const request = new proto.CreateRequest();
    request.setUrn(urn);
    request.setProperties(toStruct(withoutSecrets(inputs)));
    const response = await answer<proto.CreateResponse>((done) => this.client.create(request, done));
    return { id: response.getId(), outputs: keepSecrets(fromStruct(response.getProperties()), inputs) };
  }

  async update(target: Target, olds: Properties, news: Properties, oldInputs: Properties): Promise<Properties> {
    const request = changeOf(new proto.UpdateRequest(), target, { olds, news, oldInputs });
    const response = await answer<proto.UpdateResponse>((done) => this.client.update(request, done));
    return keepSecrets(fromStruct(response.getProperties()), news);
  }

  async read(target: Target, state: Properties, inputs: Properties): Promise<ReadAnswer> {
    const request = new proto.ReadRequest();
    request.setId(target.id ?? "");
    request.setUrn(target.urn);
    request.setProperties(toStruct(withoutSecrets(state)));
    request.setInputs(toStruct(withoutSecrets(inputs)));
    const response = await answer<proto.ReadResponse>((done) => this.client.read(request, done));
    const newInputs = response.hasInputs() ? keepSecrets(fromStruct(response.getInputs()), inputs) : undefined;
    const outputs = keepSecrets(fromStruct(response.getProperties()), state);
    return { id: response.getId(), outputs, inputs: newInputs };
  }

  async delete(target: Target, state: Properties, inputs: Properties): Promise<void> {
    const request = new proto.DeleteRequest();
    request.setId(target.id ?? "");
    request.setUrn(target.urn);
    request.setProperties(toStruct(withoutSecrets(state)));
    request.setOldInputs(toStruct(withoutSecrets(inputs)));
    await answer<unknown>((done) => this.client.delete(request, done));
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.child.stop();
  }
}

export interface Checked {
  readonly inputs: Properties;
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

export interface ReadAnswer {
  /** Empty if the resource no longer exists. */
  readonly id: string;
  readonly outputs: Properties;
  readonly inputs: Properties | undefined;
}

type Done<Response> = (error: ServiceError | null, response: Response) => void;

/** Fills in the fields that a diff request and an update request share. */
function changeOf<Request extends proto.DiffRequest | proto.UpdateRequest>(
  request: Request,
  target: Target,
  { news, oldInputs, olds }: { readonly olds: Properties; readonly news: Properties; readonly oldInputs: Properties },
): Request {
  request.setId(target.id ?? "");
  request.setUrn(target.urn);
  request.setOlds(toStruct(withoutSecrets(olds)));
  request.setNews(toStruct(withoutSecrets(news)));
  request.setOldInputs(toStruct(withoutSecrets(oldInputs)));
  return request;
}

function answer<Response>(send: (done: Done<Response>) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    send((error, response) => {
      if (error) reject(failureOf(error));
      else resolve(response);
    });
  });
}
