"""Base and adapter become one model folder: safetensors streamed, LoRA added, heads split off."""
