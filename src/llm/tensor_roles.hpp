// Every tensor role that plans use, once.
#pragma once

#include "llm/tensor_plan.hpp"

namespace hardscape::llm::roles {

using C = Category;
using R = Reader;

inline constexpr TensorRole token_embd{"token_embd.weight", C::token_embedding, R::token_embedding};
inline constexpr TensorRole per_layer_token_embd{"per_layer_token_embd.weight", C::token_embedding,
                                                 R::per_layer_embedding};
inline constexpr TensorRole output{"output.weight", C::output, R::output};
inline constexpr TensorRole output_bias{"output.bias", C::other, R::output, false};
inline constexpr TensorRole output_norm{"output_norm.weight", C::other, R::outside_layers, false};
inline constexpr TensorRole rope_freqs{"rope_freqs.weight", C::other, R::outside_layers, false};
inline constexpr TensorRole rope_long{"rope_factors_long.weight", C::other, R::outside_layers, false};
inline constexpr TensorRole rope_short{"rope_factors_short.weight", C::other, R::outside_layers, false};
inline constexpr TensorRole per_layer_model_proj{"per_layer_model_proj.weight", C::other, R::outside_layers, false,
                                                 true};
inline constexpr TensorRole per_layer_proj_norm{"per_layer_proj_norm.weight", C::other, R::outside_layers, false};
inline constexpr TensorRole altup_proj{"altup_proj.weight", C::other, R::outside_layers, false, true};
inline constexpr TensorRole altup_unembd_proj{"altup_unembd_proj.weight", C::other, R::outside_layers, false, true};

inline constexpr TensorRole norm{"attn_norm.weight", C::other, R::attention, false};
inline constexpr TensorRole attn_q{"attn_q.weight", C::query, R::attention};
inline constexpr TensorRole attn_k{"attn_k.weight", C::key, R::attention};
inline constexpr TensorRole attn_v{"attn_v.weight", C::value, R::attention};
inline constexpr TensorRole attn_qkv{"attn_qkv.weight", C::value, R::attention};
inline constexpr TensorRole attn_output{"attn_output.weight", C::attention_output, R::attention};
inline constexpr TensorRole attn_gate{"attn_gate.weight", C::other, R::attention};
inline constexpr TensorRole attn_q_a{"attn_q_a.weight", C::other, R::attention};
inline constexpr TensorRole attn_q_b{"attn_q_b.weight", C::other, R::attention};
inline constexpr TensorRole attn_kv_a{"attn_kv_a_mqa.weight", C::other, R::attention};
inline constexpr TensorRole attn_k_b{"attn_k_b.weight", C::other, R::attention};
inline constexpr TensorRole attn_v_b{"attn_v_b.weight", C::other, R::attention};
inline constexpr TensorRole attn_vector{"attn.bias", C::other, R::attention, false};
inline constexpr TensorRole attn_kv{"attn_kv.weight", C::other, R::attention};
inline constexpr TensorRole attn_output_a{"attn_output_a.weight", C::other, R::attention};
inline constexpr TensorRole attn_output_b{"attn_output_b.weight", C::other, R::attention};
inline constexpr TensorRole compressor{"attn_compressor_kv.weight", C::other, R::attention};
inline constexpr TensorRole hyper{"hc_attn_fn.weight", C::other, R::attention};
inline constexpr TensorRole hyper_vector{"hc_attn_base.weight", C::other, R::attention, false};
inline constexpr TensorRole output_hyper{"output_hc_fn.weight", C::other, R::outside_layers};
inline constexpr TensorRole output_hyper_vector{"output_hc_base.weight", C::other, R::outside_layers, false};
inline constexpr TensorRole output_res_score{"output_res_score.weight", C::other, R::outside_layers, false};
inline constexpr TensorRole indexer_q{"indexer.attn_q_b.weight", C::other, R::attention};
inline constexpr TensorRole indexer_k{"indexer.attn_k.weight", C::other, R::attention};
inline constexpr TensorRole indexer_proj{"indexer.proj.weight", C::other, R::attention};
inline constexpr TensorRole indexer_q_proj{"indexer.q_proj.weight", C::other, R::attention, false, true};
inline constexpr TensorRole indexer_k_proj{"indexer.k_proj.weight", C::other, R::attention, false, true};

inline constexpr TensorRole ssm_in{"ssm_in.weight", C::other, R::attention};
inline constexpr TensorRole ssm_out{"ssm_out.weight", C::other, R::attention};
inline constexpr TensorRole ssm_conv{"ssm_conv1d.weight", C::other, R::attention, false};
inline constexpr TensorRole ssm_beta{"ssm_beta.weight", C::other, R::attention};
inline constexpr TensorRole ssm_alpha{"ssm_alpha.weight", C::other, R::attention};
inline constexpr TensorRole ssm_beta_alpha{"ssm_ba.weight", C::other, R::attention};
inline constexpr TensorRole ssm_f_a{"ssm_f_a.weight", C::other, R::attention};
inline constexpr TensorRole ssm_f_b{"ssm_f_b.weight", C::other, R::attention};
inline constexpr TensorRole ssm_g{"ssm_g.weight", C::other, R::attention};
inline constexpr TensorRole ssm_g_a{"ssm_g_a.weight", C::other, R::attention};
inline constexpr TensorRole ssm_g_b{"ssm_g_b.weight", C::other, R::attention};
inline constexpr TensorRole ssm_vector{"ssm_dt.bias", C::other, R::attention, false};
inline constexpr TensorRole shortconv_conv{"shortconv.conv.weight", C::other, R::attention, false};
inline constexpr TensorRole shortconv_in{"shortconv.in_proj.weight", C::other, R::attention};
inline constexpr TensorRole shortconv_out{"shortconv.out_proj.weight", C::other, R::attention};

inline constexpr TensorRole ffn_gate{"ffn_gate.weight", C::ffn_gate, R::dense_ffn};
inline constexpr TensorRole ffn_up{"ffn_up.weight", C::ffn_up, R::dense_ffn};
inline constexpr TensorRole ffn_down{"ffn_down.weight", C::ffn_down, R::dense_ffn};
inline constexpr TensorRole router{"ffn_gate_inp.weight", C::other, R::router, false};
inline constexpr TensorRole router_bias{"exp_probs_b.bias", C::other, R::router, false};
inline constexpr TensorRole token_experts{"ffn_gate_tid2eid.weight", C::other, R::router, false, false, true};
inline constexpr TensorRole gate_exps{"ffn_gate_exps.weight", C::ffn_gate, R::experts};
inline constexpr TensorRole up_exps{"ffn_up_exps.weight", C::ffn_up, R::experts};
inline constexpr TensorRole down_exps{"ffn_down_exps.weight", C::ffn_down, R::experts};
inline constexpr TensorRole gate_up_exps{"ffn_gate_up_exps.weight", C::ffn_gate, R::experts};
inline constexpr TensorRole expert_bias{"ffn_up_exps.bias", C::other, R::experts, false};
inline constexpr TensorRole latent_down{"ffn_latent_down.weight", C::other, R::shared_experts};
inline constexpr TensorRole latent_up{"ffn_latent_up.weight", C::other, R::shared_experts};
inline constexpr TensorRole gate_shexp{"ffn_gate_shexp.weight", C::ffn_gate, R::shared_experts};
inline constexpr TensorRole up_shexp{"ffn_up_shexp.weight", C::ffn_up, R::shared_experts};
inline constexpr TensorRole down_shexp{"ffn_down_shexp.weight", C::ffn_down, R::shared_experts};
inline constexpr TensorRole shexp_gate{"ffn_gate_inp_shexp.weight", C::other, R::shared_experts, false};

inline constexpr TensorRole inp_gate{"inp_gate.weight", C::other, R::dense_ffn};
inline constexpr TensorRole proj{"proj.weight", C::other, R::dense_ffn};
inline constexpr TensorRole altup_small{"altup_router.weight", C::other, R::dense_ffn, false};
inline constexpr TensorRole laurel{"laurel_l.weight", C::other, R::dense_ffn, false, true};
inline constexpr TensorRole eh_proj{"nextn.eh_proj.weight", C::other, R::attention};
inline constexpr TensorRole mtp_embedding{"nextn.embed_tokens.weight", C::other, R::attention};
inline constexpr TensorRole mtp_head{"nextn.shared_head_head.weight", C::other, R::attention};

}  // namespace hardscape::llm::roles
