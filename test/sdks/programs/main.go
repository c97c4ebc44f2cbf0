// Uses every kind of argument of the generated SDK. It only has to compile.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"pulumi-supermemory/sdk/go/supermemory"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		provider, err := supermemory.NewProvider(ctx, "other-org", &supermemory.ProviderArgs{
			ApiKey:        pulumi.String("key"),
			ApiVersion:    supermemory.ApiVersionAuto,
			ProtectedTags: pulumi.StringArray{pulumi.String("customers")},
		})
		if err != nil {
			return err
		}
		purge, err := supermemory.NewContainerPurge(ctx, "memory", &supermemory.ContainerPurgeArgs{
			ContainerTags:   pulumi.StringArray{pulumi.String("pr-42")},
			PurgeOn:         supermemory.PurgeEventArray{supermemory.PurgeEventDelete},
			Triggers:        pulumi.Map{"release": pulumi.Int(3)},
			Scope:           supermemory.PurgeScopeDocuments,
			DeleteBy:        supermemory.DeleteByIds,
			SharedDocuments: supermemory.SharedDocumentsKeep,
			MaxDeletions:    pulumi.Int(100),
			Verify:          pulumi.Bool(true),
			Select: &supermemory.SelectionArgs{
				OlderThan: pulumi.String("30 days"),
				Status:    supermemory.DocumentStatusArray{supermemory.DocumentStatusDone},
				Metadata:  pulumi.Map{"source": pulumi.String("upload"), "draft": pulumi.Bool(true)},
			},
		}, pulumi.Provider(provider))
		if err != nil {
			return err
		}
		policy, err := supermemory.NewCleanupPolicy(ctx, "previews", &supermemory.CleanupPolicyArgs{
			Match:       pulumi.StringArray{pulumi.String("pr-*")},
			Except:      pulumi.StringArray{pulumi.String("pr-1")},
			InactiveFor: pulumi.String("14 days"),
			Mode:        supermemory.PolicyModeReport,
		}, pulumi.DependsOn([]pulumi.Resource{purge}))
		if err != nil {
			return err
		}
		own, err := supermemory.NewEphemeralContainer(ctx, "own", &supermemory.EphemeralContainerArgs{
			Prefix: pulumi.StringRef("acme"),
		})
		if err != nil {
			return err
		}
		ctx.Export("deletedCount", purge.DeletedCount)
		ctx.Export("purged", policy.Purged.Index(pulumi.Int(0)).DeletedCount())
		ctx.Export("containerTag", own.ContainerTag)
		ctx.Export("pending", own.Purge.Pending())
		return nil
	})
}
