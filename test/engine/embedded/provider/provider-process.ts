import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { type Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Child, type ChildOptions } from "../program/child-process";
import { unlimited } from "../program/grpc-server";
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
    const client = new ResourceProviderClient(`127.0.0.1:${started}`, credentials.createInsecure(), unlimited);
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
    request.setOlds(plain(olds));
    request.setNews(plain(news));
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
    const request = changeOf(new proto.DiffRequest(), target, olds, news, oldInputs);
    const response = await answer<proto.DiffResponse>((done) => this.client.diff(request, done));
    const replaces = response.getReplacesList().length > 0;
    if (replaces || response.getDeletebeforereplace()) {
      const used = replaces ? "replaces" : "deleteBeforeReplace";
      throw new Error(
        `the embedded engine, a stand-in for the Pulumi CLI, does not support ${used} in the response to a diff`,
      );
    }
    return { 0: undefined, 1: false, 2: true }[response.getChanges()];
  }

  async create(urn: string, inputs: Properties): Promise<{ readonly id: string; readonly outputs: Properties }> {
    const request = new proto.CreateRequest();
    request.setUrn(urn);
    request.setProperties(plain(inputs));
    const response = await answer<proto.CreateResponse>((done) => this.client.create(request, done));
    return { id: response.getId(), outputs: keepSecrets(fromStruct(response.getProperties()), inputs) };
  }

  async update(target: Target, olds: Properties, news: Properties, oldInputs: Properties): Promise<Properties> {
    const request = changeOf(new proto.UpdateRequest(), target, olds, news, oldInputs);
    const response = await answer<proto.UpdateResponse>((done) => this.client.update(request, done));
    return keepSecrets(fromStruct(response.getProperties()), news);
  }

  async read({ urn, id = "" }: Target, state: Properties, inputs: Properties): Promise<ReadAnswer> {
    const request = new proto.ReadRequest();
    request.setId(id);
    request.setUrn(urn);
    request.setProperties(plain(state));
    request.setInputs(plain(inputs));
    const response = await answer<proto.ReadResponse>((done) => this.client.read(request, done));
    return {
      id: response.getId(),
      outputs: keepSecrets(fromStruct(response.getProperties()), state),
      inputs: response.hasInputs() ? keepSecrets(fromStruct(response.getInputs()), inputs) : inputs,
    };
  }

  async delete({ urn, id = "" }: Target, state: Properties, inputs: Properties): Promise<void> {
    const request = new proto.DeleteRequest();
    request.setId(id);
    request.setUrn(urn);
    request.setProperties(plain(state));
    request.setOldInputs(plain(inputs));
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
  readonly id: string;
  readonly outputs: Properties;
  readonly inputs: Properties;
}

/** Fills in the fields that a diff request and an update request share. */
function changeOf<Request extends proto.DiffRequest | proto.UpdateRequest>(
  request: Request,
  { urn, id = "" }: Target,
  ...[olds, news, oldInputs]: readonly [olds: Properties, news: Properties, oldInputs: Properties]
): Request {
  request.setId(id);
  request.setUrn(urn);
  request.setOlds(plain(olds));
  request.setNews(plain(news));
  request.setOldInputs(plain(oldInputs));
  return request;
}

function plain(properties: Properties): Struct {
  return toStruct(withoutSecrets(properties));
}

function answer<Response>(
  send: (done: (error: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    send((error, response) => {
      if (error) reject(failureOf(error));
      else resolve(response);
    });
  });
}
